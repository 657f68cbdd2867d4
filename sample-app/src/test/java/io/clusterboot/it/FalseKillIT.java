package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.clusterboot.it.variant.LateAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers that are only slow are left alone.
 */
class FalseKillIT {

	// Longer than the hang timeout
	private static final Duration SLOW = Duration.ofSeconds(5);

	@TempDir
	private Path directory;

	@Test
	void startSlowerThanTheHangTimeoutIsNoHang(TestInfo test) throws Exception {
		Path[] late = { Files.createFile(this.directory.resolve("0")), Files.createFile(this.directory.resolve("1")) };
		ClusterLauncher launcher = new ClusterLauncher(test).with(this.directory, LateAutoConfiguration.class)
			.environment("SAMPLE_LATE", this.directory.toString())
			.arguments("--cluster.worker.hang-timeout=3s", "--cluster.worker.start-timeout=60s");
		try (ClusterProcess cluster = launcher.start()) {
			for (int slot = 0; slot < 2; slot++) {
				cluster.awaitOutput("worker=%d slot=%d .* online".formatted(slot + 1, slot));
				assertNobodyIsKilled(cluster);
				Files.delete(late[slot]);
			}
			ClusterStatus status = cluster.awaitSettled();
			assertThat(status.workers()).allSatisfy((worker) -> {
				assertThat(Duration.between(worker.started(), worker.ready())).isGreaterThan(SLOW);
				assertThat(worker.restarts()).isZero();
			});
			assertThat(status.workers()).extracting(ClusterStatus.Worker::id).containsExactly(1, 2);
			assertThat(cluster.incidents()).isEmpty();
		}
	}

	private void assertNobodyIsKilled(ClusterProcess cluster) {
		Awaitility.await("nobody is killed, see " + cluster.output().file())
			.during(SLOW)
			.atMost(SLOW.multipliedBy(2))
			.until(() -> !cluster.output().has("lost worker|SIGKILL"));
	}

	@Test
	@Tag("alone")
	void manyWorkersThatReloadOnFewProcessorsAreNeverTakenForHung(TestInfo test) throws Exception {
		String workers = Integer.toString(Nightly.orElse(10, 6));
		ClusterLauncher launcher = new ClusterLauncher(test).workers(workers)
			.jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m")
			.arguments("--cluster.worker.hang-timeout=2s", "--cluster.reload.max-surge=" + workers,
					"--cluster.drain.keep-alive-grace=1s");
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			ClusterStatus after = cluster.awaitReload(cluster.reload("").id());
			assertThat(after.workers()).allSatisfy((worker) -> assertThat(worker.restarts()).isZero());
			assertThat(cluster.incidents()).isEmpty();
			assertThat(cluster.output().lines("lost worker|SIGKILL")).isEmpty();
		}
	}

}
