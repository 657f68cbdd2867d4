package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A staging directory that has no room for a second snapshot.
 */
class FullDiskIT {

	@TempDir
	private Path staging;

	@Test
	void fullDiskFailsTheReloadUntilThereIsRoomAndNothingElse(TestInfo test) throws Exception {
		Tool.assumeInstalled("unshare");
		long kilobytes = Files.size(SampleJar.original()) / 1024 * 3 / 2;
		String[] small = { "unshare", "--mount", "sh", "-c",
				"mount -t tmpfs -o size=%dk cluster %s && exec \"$@\"".formatted(kilobytes, this.staging), "sh" };
		Assumptions.assumeTrue(Tool.tryRun(LaunchShapesIT.concat(small, "true")).exitCode() == 0,
				"file systems may not be mounted");
		try (ClusterProcess cluster = new ClusterLauncher(test).prefix(small)
			.jar(SampleJar.original())
			.arguments("--cluster.staging.directory=" + this.staging)
			.start()) {
			ClusterStatus before = cluster.awaitSettled();
			ClusterStatus after = cluster.awaitEndOfReload(cluster.reload("").id());
			assertThat(after.lastReload().status()).isEqualTo("failed");
			assertThat(after.lastReload().reason()).contains("No space left on device");
			assertThat(after.pids()).isEqualTo(before.pids());
			ClusterStatus.Worker victim = after.worker(1);
			ClusterProcess.signal(victim.pid(), "KILL");
			cluster.await("replacement")
				.until(cluster::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
			Tool.run("nsenter", "-t", Long.toString(cluster.pid()), "-m", "mount", "-o",
					"remount,size=%dk".formatted(2 * kilobytes), this.staging.toString());
			cluster.awaitReload(cluster.reload("").id());
		}
	}

}
