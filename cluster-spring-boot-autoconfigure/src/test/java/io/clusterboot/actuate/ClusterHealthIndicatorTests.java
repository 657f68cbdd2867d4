package io.clusterboot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.contract.BusState;
import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link ClusterHealthIndicator}.
 */
class ClusterHealthIndicatorTests {

	private static final Instant TIME = Instant.parse("2026-11-20T10:00:00Z");

	@Test
	void healthWhenNoSlotHasFailedIsUp() {
		assertThat(health(cluster(2, List.of(), ready(0), ready(1)))).satisfies((health) -> {
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsExactly(entry("failedSlots", List.of()), entry("target", 2),
					entry("ready", 2L));
		});
	}

	@Test
	void healthWhenSomeSlotsHaveFailedIsDegraded() {
		assertThat(health(cluster(3, List.of(0, 2), ready(1)))).satisfies((health) -> {
			assertThat(health.getStatus()).isEqualTo(ClusterHealthIndicator.DEGRADED);
			assertThat(health.getDetails()).containsExactly(entry("failedSlots", List.of(0, 2)), entry("target", 3),
					entry("ready", 1L));
		});
	}

	@Test
	void healthWhenAllSlotsHaveFailedIsDown() {
		assertThat(health(cluster(2, List.of(0, 1))).getStatus()).isEqualTo(Status.DOWN);
		assertThat(health(cluster(1, List.of(0))).getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void readyCountsSlotsAndNeitherSparesNorWorkersThatAreHandedOver() {
		Health health = health(cluster(2, List.of(), ready(0), ready(0), worker(1, WorkerState.DRAINING),
				ready(WorkerIdentity.NO_SLOT)));
		assertThat(health.getDetails()).containsEntry("ready", 1L);
	}

	@Test
	void healthWhenPrimaryIsUnavailableIsUnknownWithTheReason() {
		Health health = new ClusterHealthIndicator((timeout) -> {
			throw new PrimaryUnavailableException("The cluster is stopping", null);
		}, () -> null).health();
		assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health.getDetails()).containsExactly(entry("reason", "The cluster is stopping"));
	}

	@Test
	void healthWhileABusIsNotConfirmedIsDegraded() {
		BusState silent = new BusState(false, 3, 1);
		Health health = health(cluster(1, List.of(), ready(0)), silent);
		assertThat(health.getStatus()).isEqualTo(ClusterHealthIndicator.DEGRADED);
		assertThat(health.getDetails()).containsEntry("bus", silent);
		assertThat(health(cluster(1, List.of(), ready(0)), new BusState(true, 3, 1)).getStatus()).isEqualTo(Status.UP);
		assertThat(health(cluster(1, List.of(0)), silent).getStatus()).isEqualTo(Status.DOWN);
	}

	private static Health health(ClusterSnapshot cluster) {
		return health(cluster, null);
	}

	private static Health health(ClusterSnapshot cluster, @Nullable BusState bus) {
		return new ClusterHealthIndicator((timeout) -> {
			assertThat(timeout).isLessThan(Duration.ofSeconds(1));
			return cluster;
		}, () -> bus).health();
	}

	private static ClusterSnapshot cluster(int target, List<Integer> failedSlots, WorkerSnapshot... workers) {
		return new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(1, TIME), 8080, target, 1,
				Arrays.asList(workers), failedSlots, List.of(), null, null);
	}

	private static WorkerSnapshot ready(int slot) {
		return worker(slot, WorkerState.READY);
	}

	private static WorkerSnapshot worker(int slot, WorkerState state) {
		return new WorkerSnapshot(1, slot, 1, 1, state, TIME, TIME, 0, 0, WorkerMetrics.NONE);
	}

}
