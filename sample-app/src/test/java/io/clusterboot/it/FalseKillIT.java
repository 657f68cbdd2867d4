package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

import io.clusterboot.it.variant.LateAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers that are only slow are left alone.
 */
@Tag("alone")
class FalseKillIT {

	@TempDir
	private Path directory;

	@Test
	void startSlowerThanTheHangTimeoutIsNoHang(TestInfo test) throws Exception {
		Path late = Files.writeString(this.directory.resolve("late"), "8000");
		ClusterLauncher launcher = new ClusterLauncher(test)
			.jar(SampleJar.with(this.directory.resolve("late.jar"), LateAutoConfiguration.class))
			.environment("SAMPLE_LATE", late.toString())
			.arguments("--cluster.worker.hang-timeout=3s", "--cluster.worker.start-timeout=60s");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus status = cluster.awaitSettled();
			assertThat(status.workers()).allSatisfy((worker) -> {
				assertThat(Duration.between(worker.started(), worker.ready())).isGreaterThan(Duration.ofSeconds(8));
				assertThat(worker.restarts()).isZero();
			});
			assertThat(status.workers()).extracting(ClusterStatus.Worker::id).containsExactly(1, 2);
			assertThat(cluster.incidents()).isEmpty();
		}
	}

	@Test
	void tenWorkersThatReloadOnFewProcessorsAreNeverTakenForHung(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).workers("10")
			.jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m")
			.arguments("--cluster.worker.hang-timeout=2s", "--cluster.reload.max-surge=10",
					"--cluster.drain.keep-alive-grace=1s");
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			ClusterStatus after = cluster.awaitReload(cluster.reload("").id());
			assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
			assertThat(after.workers()).allSatisfy((worker) -> assertThat(worker.restarts()).isZero());
			assertThat(cluster.incidents()).isEmpty();
			assertThat(cluster.output().lines("lost worker|SIGKILL")).isEmpty();
		}
	}

}
