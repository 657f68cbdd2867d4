package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;

import io.clusterboot.it.variant.MoodyAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A slot whose workers always die before they are ready is given up, but not for good.
 */
class FailedSlotIT {

	@TempDir
	private Path directory;

	@Test
	void slotThatFailedIsToldAndTriedAgainWhileOthersServe(TestInfo test) throws Exception {
		Path mood = this.directory.resolve("mood");
		ClusterLauncher launcher = new ClusterLauncher(test)
			.jar(SampleJar.with(this.directory.resolve("moody.jar"), MoodyAutoConfiguration.class))
			.environment("SAMPLE_MOOD", mood.toString())
			.arguments("--cluster.respawn.max-delay=200ms");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			assertThat(cluster.get("/actuator/health").status()).isEqualTo(200);
			Files.writeString(mood, "fail");
			ClusterProcess.signal(before.worker(1).pid(), "KILL");
			ClusterStatus failed = cluster.await("failed slot")
				.until(cluster::status, (status) -> !status.failedSlots().isEmpty());
			assertThat(failed.failedSlots()).containsExactly(1);
			assertThat(failed.worker(0).pid()).isEqualTo(before.worker(0).pid());
			assertThat(cluster.get("/").status()).isEqualTo(200);
			Files.delete(mood);
			ClusterStatus after = cluster.awaitSettled();
			assertThat(after.failedSlots()).isEmpty();
			assertThat(after.worker(1).id()).isGreaterThanOrEqualTo(before.worker(1).id() + 11);
			assertThat(cluster.incidents()).filteredOn((incident) -> incident.cause().equals("start-failure"))
				.hasSizeGreaterThanOrEqualTo(10);
		}
	}

}
