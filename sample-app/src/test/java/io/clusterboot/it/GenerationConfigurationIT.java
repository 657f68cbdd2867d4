package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

import io.clusterboot.it.load.Failure;
import io.clusterboot.it.variant.ConfiguredAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A generation keeps the configuration files beside the jar that its first worker read.
 */
class GenerationConfigurationIT {

	private static final int CLIENTS = 50;

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		configure("sample.version: start");
		// Found where the process runs, as most people start it
		ClusterLauncher launcher = new ClusterLauncher(test).prefix("env", "--chdir=" + directory)
			.with(directory, ConfiguredAutoConfiguration.class)
			.arguments("--cluster.reload.soak=3s");
		cluster = launcher.start();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@BeforeEach
	void settle() {
		cluster.awaitSettled();
	}

	@Test
	void workersThatStartWithoutAReloadHaveTheOldConfiguration() throws Exception {
		String live = cluster.get("/").said("version");
		configure("sample.version: edited");
		Files.writeString(directory.resolve("application.properties"), "sample.version=added");
		kill(0);
		assertEveryAnswerIsOf(live);
		cluster.signal("TTIN");
		cluster.await("third worker").until(cluster::status, (status) -> status.isSettled() && status.target() == 3);
		assertEveryAnswerIsOf(live);

		configure("sample.version: [half-edited");
		kill(1);
		assertEveryAnswerIsOf(live);

		Files.delete(directory.resolve("application.properties"));
		configure("sample.version: whole\ncluster.workers: 2");
		cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
		assertEveryAnswerIsOf("whole");
	}

	@Test
	void configurationThatKillsIsTakenBack() throws Exception {
		assertTakenBack("dies", "ended with exit code 1");
	}

	@Test
	void configurationThatErrsIsTakenBack() throws Exception {
		assertTakenBack("errs", "requests with 5xx");
	}

	private void assertTakenBack(String fault, String reason) throws Exception {
		String live = cluster.get("/").said("version");
		int generation = cluster.status().generation();
		configure("sample.version: bad\nsample.configured: " + fault);
		try (Load load = Load.start(cluster.port(), CLIENTS)) {
			ClusterStatus after = cluster.awaitEndOfReload(cluster.reload("").id());
			assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("rolled-back");
			assertThat(after.lastReload().reason()).contains(reason);
			assertThat(after.workers()).extracting(ClusterStatus.Worker::generation).containsOnly(generation);
			Load.Result result = load.stop();
			// What the canary had in its hands when it died, or what it answered
			assertThat(result.failed()).as(result.output())
				.isEqualTo(
						result.failed(Failure.RESET) + result.failed(Failure.CLOSED) + result.failed(Failure.STATUS));
			assertThat(result.failed() - result.failed(Failure.STATUS)).as(result.output())
				.isLessThanOrEqualTo(CLIENTS);
		}
		assertEveryAnswerIsOf(live);
		Load.Result afterwards = Load.connecting(cluster.port()).concurrency(CLIENTS).requests(2000).start().await();
		assertThat(afterwards.failed()).as(afterwards.output()).isZero();
		assertThat(cluster.awaitSettled().generation()).isEqualTo(generation);
	}

	private void kill(int slot) {
		ClusterStatus.Worker victim = cluster.status().worker(slot);
		ClusterProcess.signal(victim.pid(), "KILL");
		cluster.await("replacement")
			.until(cluster::status, (status) -> status.isSettled() && status.worker(slot).id() > victim.id());
	}

	private void assertEveryAnswerIsOf(String version) {
		List<HttpReply> replies = IntStream.range(0, 30).mapToObj((number) -> cluster.get("/")).toList();
		assertThat(replies).allSatisfy((reply) -> assertThat(reply.said("version")).isEqualTo(version));
		assertThat(replies.stream().mapToLong(HttpReply::pid).distinct().count()).isGreaterThan(1);
	}

	private static void configure(String yaml) throws IOException {
		Path file = directory.resolve("config/application.yml");
		Files.createDirectories(file.getParent());
		Files.writeString(file, yaml + "\n");
	}

}
