package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a reload makes of an edited configuration file.
 */
class ConfigurationIT {

	@TempDir
	private Path directory;

	private ClusterProcess cluster;

	private int port;

	@BeforeEach
	void start(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).configuredBy(configuration());
		this.port = launcher.port();
		configure(2, this.port);
		this.cluster = launcher.start();
		this.cluster.awaitSettled();
	}

	@AfterEach
	void stop() {
		this.cluster.close();
	}

	@Test
	void editedNumberOfWorkersIsScaledToWithoutAFailedRequest() throws Exception {
		try (Clients clients = Clients.connecting(this.port, "/", 4);
				Clients posts = Clients.pooledPosts(this.port, 4)) {
			assertScales(4);
			assertScales(3);
			assertScales(1);
			assertScales(2);
			clients.assertNoneFailed();
			posts.assertNoneFailed();
			assertThat(clients.succeeded()).isPositive();
		}
	}

	@Test
	void editedPortIsRefusedByNameAndNothingElseHappens() throws Exception {
		ClusterStatus before = this.cluster.awaitSettled();
		configure(2, this.port + 1);
		ClusterStatus after = this.cluster.awaitEndOfReload(this.cluster.reload("").id());
		assertThat(after.lastReload().status()).isEqualTo("failed");
		assertThat(after.lastReload().reason()).contains("server.port", Integer.toString(this.port),
				Integer.toString(this.port + 1), "restart");
		assertThat(after.pids()).isEqualTo(before.pids());
		configure(2, this.port);
		assertThat(this.cluster.awaitReload(this.cluster.reload("").id()).lastReload().status()).isEqualTo("succeeded");
	}

	private void assertScales(int workers) throws IOException {
		configure(workers, this.port);
		int id = this.cluster.reload("").id();
		ClusterStatus after = this.cluster.await("%d workers".formatted(workers))
			.until(this.cluster::status, (status) -> status.isSettled() && status.lastReload().id() == id
					&& !status.lastReload().isRunning());
		assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
		assertThat(after.target()).isEqualTo(workers);
		assertThat(after.workers()).extracting(ClusterStatus.Worker::slot)
			.containsExactlyElementsOf(IntStream.range(0, workers).boxed().toList());
	}

	private void configure(int workers, int port) throws IOException {
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

	private Path configuration() {
		return this.directory.resolve("edited.yml");
	}

}
