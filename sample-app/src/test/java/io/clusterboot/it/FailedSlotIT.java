package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;

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
		Files.writeString(options(0), "-Dsample.slot=0");
		Files.writeString(options(1), "-Dsample.slot=1");
		ClusterLauncher launcher = new ClusterLauncher(test).arguments("--cluster.respawn.max-delay=200ms",
				"--cluster.respawn.failed-delay=3s", "--management.endpoint.health.show-components=always",
				"--cluster.worker.jvm-args=-XX:VMOptionsFile=" + this.directory.resolve("options-{slot}"));
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			assertThat(cluster.get("/actuator/health").body()).contains("\"cluster\":{\"status\":\"UP\"");
			// The JVM does not even start
			Files.delete(options(1));
			ClusterProcess.signal(before.worker(1).pid(), "KILL");
			ClusterStatus failed = cluster.await("failed slot")
				.until(cluster::status, (status) -> !status.failedSlots().isEmpty());
			assertThat(failed.failedSlots()).containsExactly(1);
			assertThat(failed.worker(0).pid()).isEqualTo(before.worker(0).pid());
			assertThat(cluster.get("/").pid()).isEqualTo(before.worker(0).pid());
			// Whoever asks a worker that serves is told, but not sent elsewhere
			HttpReply health = cluster.get("/actuator/health");
			assertThat(health.status()).isEqualTo(200);
			assertThat(health.body()).contains("\"cluster\":{\"status\":\"DEGRADED\"");
			assertThat(cluster.incidents()).filteredOn((incident) -> incident.cause().equals("start-failure"))
				.hasSizeGreaterThanOrEqualTo(10);
			Files.writeString(options(1), "-Dsample.slot=1");
			ClusterStatus after = cluster.awaitSettled();
			assertThat(after.failedSlots()).isEmpty();
			assertThat(after.worker(1).restarts()).isEqualTo(11);
		}
	}

	private Path options(int slot) {
		return this.directory.resolve("options-" + slot);
	}

}
