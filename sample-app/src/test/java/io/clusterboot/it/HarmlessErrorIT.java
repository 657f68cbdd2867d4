package io.clusterboot.it;

import java.nio.file.Path;
import java.time.Duration;

import io.clusterboot.it.variant.HarmlessErrorAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that loses a thread nobody needs serves on, and can be reloaded.
 */
class HarmlessErrorIT {

	private static final int WORKERS = Nightly.orElse(4, 1);

	private static final Duration QUIET = Nightly.orElse(Duration.ofMinutes(2), Duration.ofSeconds(3));

	@Test
	void errorThatEveryWorkerRepeatsIsIgnoredAndFailsNoReload(TestInfo test, @TempDir Path directory) throws Exception {
		Path jar = SampleJar.with(directory.resolve("app.jar"), HarmlessErrorAutoConfiguration.class);
		try (ClusterProcess cluster = new ClusterLauncher(test).jar(jar)
			.workers(String.valueOf(WORKERS))
			.arguments("--cluster.respawn.max-delay=500ms", "--cluster.reload.train=off", "--cluster.reload.soak=3s")
			.start()) {
			cluster.awaitOutput(" ERROR .* reports what fresh workers did before: .* optional/Native.* is ignored");
			ClusterStatus before = cluster.awaitSettled();
			assertThat(before.workers())
				.allSatisfy((worker) -> assertThat(worker.id()).isLessThanOrEqualTo(3 + 2 * WORKERS));
			assertUnchanged(cluster, before);
			int id = cluster.reload("{\"strategy\":\"rolling\"}").id();
			ClusterStatus after = cluster.awaitEndOfReload(id);
			assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
			assertUnchanged(cluster, cluster.awaitSettled());
			assertThat(cluster.output().lines(" ERROR .* reports ")).hasSize(1);
			assertThat(cluster.output().lines(" reports: .*; ignored")).hasSizeGreaterThanOrEqualTo(WORKERS);
		}
	}

	private static void assertUnchanged(ClusterProcess cluster, ClusterStatus before) {
		Awaitility.await("nobody is replaced, see " + cluster.output().file())
			.pollInterval(Duration.ofMillis(200))
			.during(QUIET)
			.atMost(QUIET.plusSeconds(20))
			.untilAsserted(() -> assertThat(cluster.status().pids()).isEqualTo(before.pids()));
	}

}
