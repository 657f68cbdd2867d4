package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers know that they are several on one machine.
 */
class NeighboursIT {

	@TempDir
	private Path directory;

	@Test
	void workersRunWithTheirPrefixTheirProcessorsAndFilesOfTheirOwn(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).arguments("--cluster.worker.command-prefix=nice,-n,5",
				"--cluster.worker.processors=1",
				"--cluster.worker.jvm-args=-Xlog:gc:file=" + this.directory.resolve("gc-{slot}.log"));
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus status = cluster.awaitSettled();
			int niceness = niceness(cluster.pid());
			for (ClusterStatus.Worker worker : status.workers()) {
				assertThat(niceness(worker.pid())).isEqualTo(niceness + 5);
				assertThat(commandLine(worker.pid())).contains("-XX:ActiveProcessorCount=1")
					.contains("gc-" + worker.slot() + ".log");
				assertThat(this.directory.resolve("gc-" + worker.slot() + ".log")).isNotEmptyFile();
			}
			assertThat(this.directory.resolve("gc-{slot}.log")).doesNotExist();
			// The prefix is not in the way of what the primary asks of a worker
			ClusterProcess.signal(status.worker(1).pid(), "KILL");
			ClusterStatus after = cluster.await("replacement")
				.until(cluster::status, (now) -> now.isSettled() && now.worker(1).id() > status.worker(1).id());
			assertThat(niceness(after.worker(1).pid())).isEqualTo(niceness + 5);
		}
	}

	private int niceness(long pid) {
		return Integer.parseInt(Tool.run("ps", "-o", "ni=", "-p", Long.toString(pid)).output().strip());
	}

	private String commandLine(long pid) throws IOException {
		return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
	}

}
