package io.clusterboot.it;

import java.nio.file.Path;
import java.util.List;

import io.clusterboot.it.variant.ListeningAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application hears of its cluster.
 */
class EventIT {

	@TempDir
	private Path directory;

	@Test
	void workersHearOfEachOthersLivesAndOfAReload(TestInfo test) throws Exception {
		Path jar = SampleJar.with(this.directory.resolve("app.jar"), ListeningAutoConfiguration.class);
		try (ClusterProcess cluster = new ClusterLauncher(test).jar(jar).start()) {
			ClusterStatus before = cluster.awaitSettled();
			long listener = before.worker(0).pid();
			cluster.await("word of all who are alive",
					() -> heard(cluster, listener).containsAll(List.of("WorkerReady 1", "WorkerReady 2")));
			assertThat(heard(cluster, listener))
				.containsSubsequence("WorkerForked 1", "WorkerOnline 1", "WorkerListening 1", "WorkerReady 1")
				.containsSubsequence("WorkerForked 2", "WorkerOnline 2", "WorkerListening 2", "WorkerReady 2");
			ClusterProcess.signal(before.worker(1).pid(), "KILL");
			cluster.await("word of its replacement", () -> heard(cluster, listener).contains("WorkerReady 3"));
			assertThat(heard(cluster, listener))
				.containsSubsequence("WorkerDisconnected 2", "WorkerExited 2 137 SIGNAL gone", "WorkerForked 3",
						"WorkerOnline 3", "WorkerListening 3", "WorkerReady 3")
				.doesNotHaveDuplicates();
			ClusterStatus after = cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
			long next = after.worker(0).pid();
			cluster.await("word of the end of the reload", () -> heard(cluster, next).contains("ReloadFinished"));
			assertThat(heard(cluster, next)).anyMatch((event) -> event.matches("WorkerExited 1 0 null gone"));
		}
	}

	private static List<String> heard(ClusterProcess cluster, long pid) throws Exception {
		try (HttpConnection connection = cluster.connect(pid, 1).get(0)) {
			return connection.exchange("GET", "/heard", "").body().lines().toList();
		}
	}

}
