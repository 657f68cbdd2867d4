package io.clusterboot.actuate;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.contract.BusState;
import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.Assert;

/**
 * {@link HealthIndicator} that says whether slots have failed, and how the bus fares. As
 * long as one has not the cluster serves, so that is a {@link #DEGRADED status of its
 * own}, which leaves the health of the worker that is asked alone unless
 * {@code management.endpoint.health.status.order} says otherwise. A primary that does not
 * answer does not make a worker unhealthy either.
 */
public final class ClusterHealthIndicator implements HealthIndicator {

	/**
	 * Some slots have failed and others have not, or this worker does not hear what it
	 * says to itself over the bus.
	 */
	public static final Status DEGRADED = new Status("DEGRADED");

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final Function<Duration, ClusterSnapshot> primary;

	private final Supplier<@Nullable BusState> bus;

	/**
	 * Create the indicator.
	 * @param primary asks the primary and waits no longer than it is told
	 * @param bus tells how the bus fares, {@code null} where there is none
	 */
	public ClusterHealthIndicator(Function<Duration, ClusterSnapshot> primary, Supplier<@Nullable BusState> bus) {
		Assert.notNull(primary, "'primary' must not be null");
		this.primary = primary;
		this.bus = bus;
	}

	@Override
	public Health health() {
		try {
			ClusterSnapshot cluster = this.primary.apply(PATIENCE);
			BusState bus = this.bus.get();
			Status status = status(cluster);
			Health.Builder health = Health
				.status((bus != null && !bus.confirmed() && status == Status.UP) ? DEGRADED : status)
				.withDetail("failedSlots", cluster.failedSlots())
				.withDetail("target", cluster.target())
				.withDetail("ready", ready(cluster.workers()));
			return ((bus != null) ? health.withDetail("bus", bus) : health).build();
		}
		catch (PrimaryUnavailableException ex) {
			return Health.unknown().withDetail("reason", String.valueOf(ex.getMessage())).build();
		}
	}

	private static Status status(ClusterSnapshot cluster) {
		if (cluster.failedSlots().isEmpty()) {
			return Status.UP;
		}
		return (cluster.failedSlots().size() < cluster.target()) ? DEGRADED : Status.DOWN;
	}

	// While a slot is handed over it has two
	private static long ready(List<WorkerSnapshot> workers) {
		return workers.stream()
			.filter((worker) -> worker.state() == WorkerState.READY && worker.slot() != WorkerIdentity.NO_SLOT)
			.map(WorkerSnapshot::slot)
			.distinct()
			.count();
	}

}
