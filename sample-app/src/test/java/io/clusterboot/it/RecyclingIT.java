package io.clusterboot.it;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers that have had enough make room for fresh ones, and nobody notices.
 */
class RecyclingIT {

	@Test
	void workersThatHadTheirRequestsAreReplacedWithinTheBudgetAndFailNone(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).arguments("--cluster.worker.max-requests=500",
				"--cluster.drain.keep-alive-grace=1s");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			List<ClusterStatus> seen = new ArrayList<>();
			try (Clients posts = Clients.pooledPosts(cluster.port(), 4); Load load = Load.start(cluster.port(), 8)) {
				cluster.await("every first worker replaced").until(cluster::status, (status) -> {
					seen.add(status);
					return status.pids().stream().noneMatch(before.pids()::contains) && status.ready().size() == 2;
				});
				Load.Result result = load.stop();
				// Both workers' 500, whoever sent them
				assertThat(result.complete() + posts.succeeded() + seen.size()).isGreaterThan(900);
				assertThat(result.failed()).as(result.output()).isZero();
				posts.assertNoneFailed();
			}
			assertThat(seen).allSatisfy((status) -> {
				assertThat(status.ready()).hasSizeGreaterThanOrEqualTo(2);
				assertThat(status.workers()).filteredOn((worker) -> !worker.state().equals("draining"))
					.hasSizeLessThanOrEqualTo(3);
			});
			assertThat(cluster.incidents()).isEmpty();
		}
	}

	@Test
	void workersThatAreOldAreReplaced(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).arguments("--cluster.worker.max-lifetime=4s");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			try (Clients clients = Clients.connecting(cluster.port(), "/", 2)) {
				cluster.await("every first worker replaced")
					.until(cluster::status, (status) -> status.pids().stream().noneMatch(before.pids()::contains)
							&& status.ready().size() == 2);
				clients.assertNoneFailed();
			}
			assertThat(cluster.incidents()).isEmpty();
		}
	}

	@Test
	void limitThatAFreshWorkerExceedsIsOneErrorAndNoLoop(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).arguments("--cluster.worker.max-memory=20MB",
				"--cluster.respawn.stable-after=2s");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			cluster.awaitOutput(" ERROR .*cluster\\.worker\\.max-memory");
			Awaitility.await("nobody is replaced, see " + cluster.output().file())
				.pollInterval(Duration.ofMillis(200))
				.during(Duration.ofSeconds(4))
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(cluster.status().pids()).isEqualTo(before.pids()));
			assertThat(cluster.output().lines(" ERROR ")).hasSize(1);
		}
	}

}
