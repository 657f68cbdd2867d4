package io.clusterboot.actuate;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.contract.WorkerIdentity;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.util.Assert;

/**
 * {@link HealthIndicator} that says whether slots have failed. As long as one has not the
 * cluster serves, so that is a {@link #DEGRADED status of its own}, which leaves the
 * health of the worker that is asked alone unless
 * {@code management.endpoint.health.status.order} says otherwise. A primary that does not
 * answer does not make a worker unhealthy either.
 */
public final class ClusterHealthIndicator implements HealthIndicator {

	/**
	 * Some slots have failed and others have not.
	 */
	public static final Status DEGRADED = new Status("DEGRADED");

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private final Function<Duration, ClusterSnapshot> primary;

	/**
	 * Create the indicator.
	 * @param primary asks the primary and waits no longer than it is told
	 */
	public ClusterHealthIndicator(Function<Duration, ClusterSnapshot> primary) {
		Assert.notNull(primary, "'primary' must not be null");
		this.primary = primary;
	}

	@Override
	public Health health() {
		try {
			ClusterSnapshot cluster = this.primary.apply(PATIENCE);
			return Health.status(status(cluster))
				.withDetail("failedSlots", cluster.failedSlots())
				.withDetail("target", cluster.target())
				.withDetail("ready", ready(cluster.workers()))
				.build();
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
