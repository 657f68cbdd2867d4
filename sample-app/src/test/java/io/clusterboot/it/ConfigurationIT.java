package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a reload makes of an edited configuration file.
 */
class ConfigurationIT {

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	private static int port;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).configuredBy(configuration());
		port = launcher.port();
		configure(2, port);
		cluster = launcher.start();
		cluster.awaitSettled();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void editedNumberOfWorkersIsScaledToWithoutAFailedRequest() throws Exception {
		try (Clients clients = Clients.connecting(port, "/", 4); Clients posts = Clients.pooledPosts(port, 4)) {
			assertScales(3);
			assertScales(1);
			assertScales(2);
			clients.assertNoneFailed();
			posts.assertNoneFailed();
		}
	}

	@Test
	void editedPortIsRefusedByNameAndNothingElseHappens() throws Exception {
		ClusterStatus before = cluster.awaitSettled();
		configure(2, port + 1);
		ClusterStatus after = cluster.awaitEndOfReload(cluster.reload("").id());
		assertThat(after.lastReload().status()).isEqualTo("failed");
		assertThat(after.lastReload().reason()).contains("server.port", Integer.toString(port),
				Integer.toString(port + 1), "restart");
		assertThat(after.pids()).isEqualTo(before.pids());
		configure(2, port);
		assertThat(cluster.awaitReload(cluster.reload("").id()).lastReload().status()).isEqualTo("succeeded");
	}

	private void assertScales(int workers) throws IOException {
		configure(workers, port);
		int id = cluster.reload("").id();
		ClusterStatus after = cluster.await("%d workers".formatted(workers))
			.until(cluster::status, (status) -> status.isSettled() && status.lastReload().id() == id
					&& !status.lastReload().isRunning());
		assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
		assertThat(after.target()).isEqualTo(workers);
		assertThat(after.workers()).extracting(ClusterStatus.Worker::slot)
			.containsExactlyElementsOf(IntStream.range(0, workers).boxed().toList());
	}

	private static void configure(int workers, int port) throws IOException {
		Files.writeString(configuration(), """
				server:
				  port: %d
				cluster:
				  workers: %d
				  reload:
				    soak: 0s
				    train: off
				""".formatted(port, workers));
	}

	private static Path configuration() {
		return directory.resolve("edited.yml");
	}

}
