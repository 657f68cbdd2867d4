package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.it.variant.CachingAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Caches of workers that agree on what is no longer true.
 */
class CacheIT {

	private static final int CACHES = 50;

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		Files.writeString(directory.resolve("annotated"), "0");
		for (int i = 0; i < CACHES; i++) {
			Files.writeString(directory.resolve("cache" + i), "0");
		}
		cluster = new ClusterLauncher(test).with(directory, CachingAutoConfiguration.class)
			.workers("3")
			.arguments("--cluster.caches.evict=all", "--test.directory=" + directory,
					"--server.tomcat.max-keep-alive-requests=-1")
			.start();
		cluster.awaitSettled();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void noWorkerAnswersTheOldValueAfterAnEvictionHasReturned() throws Exception {
		List<HttpConnection> workers = connections();
		try (Clients first = Clients.connecting(cluster.port(), "/cached?name=cache0", 2);
				Clients last = Clients.connecting(cluster.port(), "/cached?name=cache" + (CACHES - 1), 2);
				Clients annotated = Clients.connecting(cluster.port(), "/annotated?name=annotated", 2)) {
			for (int round = 1; round <= Nightly.orElse(20, 3); round++) {
				for (int i = 0; i < CACHES; i++) {
					write(workers, "/cached?name=cache" + i, i, round);
				}
				write(workers, "/annotated?name=annotated", round, round);
			}
			first.assertNoneFailed();
			last.assertNoneFailed();
			annotated.assertNoneFailed();
		}
		finally {
			for (HttpConnection connection : workers) {
				connection.close();
			}
		}
	}

	private static void write(List<HttpConnection> workers, String path, int turn, int value) throws IOException {
		HttpReply written = workers.get(turn % workers.size()).exchange("POST", path + "&value=" + value, "");
		assertThat(written.status()).as(written.body()).isEqualTo(200);
		for (HttpConnection worker : workers) {
			assertThat(worker.exchange("GET", path, "").body()).isEqualTo(String.valueOf(value));
		}
	}

	@Test
	void workerThatDoesNotConfirmIsNamed() throws Exception {
		ClusterStatus status = cluster.status();
		try (HttpConnection connection = cluster.connect(status.worker(0).pid(), 1).get(0)) {
			ClusterProcess.signal(status.worker(1).pid(), "STOP");
			HttpReply reply = connection.exchange("POST", "/cached?name=cache1&value=x", "");
			assertThat(reply.status()).isEqualTo(500);
			cluster.awaitOutput("The cache values may still hold old values in the workers \\[%d\\]"
				.formatted(status.worker(1).id()));
		}
		finally {
			ClusterProcess.signal(status.worker(1).pid(), "CONT");
		}
	}

	private static List<HttpConnection> connections() throws IOException {
		List<HttpConnection> connections = new ArrayList<>();
		for (long pid : cluster.status().pids()) {
			connections.addAll(cluster.connect(pid, 1));
		}
		return connections;
	}

}
