package io.clusterboot.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reloads where there is no memory for one more worker.
 */
class BudgetIT {

	// Lest a short time with too many workers is not seen
	private static final Duration SHORT = Duration.ofMillis(50);

	@Test
	void reloadWithoutSurgeNeverHasMoreWorkersThanSlotsAndFailsNoRequest(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test)
			.arguments("--cluster.reload.max-surge=0", "--cluster.reload.max-unavailable=1")
			.start()) {
			ClusterStatus before = cluster.awaitSettled();
			List<ClusterStatus> seen = new ArrayList<>();
			List<Integer> answeredByOne = new ArrayList<>();
			try (Clients clients = Clients.connecting(cluster.port(), "/", 4);
					Clients posts = Clients.pooledPosts(cluster.port(), 4)) {
				int id = cluster.reload("").id();
				ClusterStatus after = cluster.await("end of reload")
					.pollInterval(SHORT)
					.until(cluster::status, (status) -> {
						seen.add(status);
						if (status.ready().size() == 1) {
							answeredByOne.add(clients.succeeded() + posts.succeeded());
						}
						return status.isSettled() && status.lastReload().id() == id && !status.lastReload().isRunning();
					});
				assertThat(after.lastReload().status()).isEqualTo("succeeded");
				assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
				clients.assertNoneFailed();
				posts.assertNoneFailed();
			}
			assertThat(seen).allSatisfy((status) -> {
				assertThat(status.workers()).hasSizeLessThanOrEqualTo(2);
				assertThat(status.ready()).isNotEmpty();
			});
			assertThat(answeredByOne).hasSizeGreaterThan(1);
			assertThat(answeredByOne.get(answeredByOne.size() - 1) - answeredByOne.get(0)).isGreaterThan(100);
		}
	}

}
