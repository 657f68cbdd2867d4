package io.clusterboot.it;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the workers of a cluster count together.
 */
class CounterIT {

	private static final int CLIENTS = 8;

	private static final Duration PATIENCE = Nightly.orElse(Duration.ofMinutes(10), Duration.ofMinutes(2));

	private static final int VISITS = Nightly.orElse(100_000, 3000);

	@Test
	@Timeout(value = 15, unit = TimeUnit.MINUTES)
	void everyVisitIsCountedOnceOverReloadsAndACrash(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).start()) {
			ClusterStatus before = cluster.awaitSettled();
			int visits;
			List<String> failures;
			try (Clients clients = Clients.connecting(cluster.port(), "/visit", CLIENTS)) {
				cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
				ClusterStatus.Worker victim = cluster.awaitSettled().worker(1);
				ClusterProcess.signal(victim.pid(), "KILL");
				cluster.await("replacement")
					.until(cluster::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
				ClusterStatus after = cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
				assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
				cluster.await("visits").atMost(PATIENCE).until(() -> clients.succeeded() > VISITS);
				failures = clients.stop();
				visits = clients.succeeded();
			}
			assertThat(failures).as("what the victim had in its hands").hasSizeLessThanOrEqualTo(CLIENTS);
			assertThat(next(cluster) - 1).isBetween(visits, visits + failures.size());
		}
	}

	private static int next(ClusterProcess cluster) {
		return Integer.parseInt(cluster.get("/visit").body().replace("You are visitor ", ""));
	}

}
