package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.it.variant.TracingAutoConfiguration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers that start faster because their generation was trained.
 */
@Tag("alone")
class TrainingIT {

	@TempDir
	private Path directory;

	private Path staging;

	private Path trace;

	private ClusterLauncher launcher;

	@BeforeEach
	void prepare(TestInfo test) {
		this.staging = this.directory.resolve("staging");
		this.trace = this.directory.resolve("trace");
		this.launcher = new ClusterLauncher(test).jar(SampleJar.original())
			.environment("SAMPLE_TRACE", this.trace.toString())
			.arguments("--cluster.reload.train=before", "--cluster.staging.directory=" + this.staging);
	}

	@AfterEach
	void assertNothingIsLeft() {
		assertThat(this.staging).isEmptyDirectory();
	}

	@Test
	void workersOfATrainedGenerationRunWithItsArchiveAndTrainingDoesNothingElse() throws Exception {
		Path log = this.directory.resolve("application.log");
		Path temporary = Files.createDirectory(this.directory.resolve("tmp"));
		try (ClusterProcess cluster = variant().moreJvmOptions("-Djava.io.tmpdir=" + temporary)
			.arguments("--logging.file.name=" + log)
			.start()) {
			ClusterStatus started = cluster.awaitSettled();
			assertTrained(started);
			assertThat(cluster.output().lines("Generation 1 has (?:a CDS archive|an AOT cache): \\d+ MB after .* s;"))
				.hasSize(1);
			assertTrainingNeitherRanNorServedNorWroteAnything(cluster, started, log);
			ClusterProcess.signal(started.worker(1).pid(), "KILL");
			cluster.await("replacement")
				.until(cluster::status,
						(status) -> status.isSettled() && status.worker(1).id() > started.worker(1).id());
			assertTrained(cluster.status());
			try (Clients clients = Clients.connecting(cluster.port(), "/", 4)) {
				ClusterStatus reloaded = cluster.awaitReload(cluster.reload("").id());
				assertThat(reloaded.generation()).isEqualTo(2);
				assertTrained(reloaded);
				clients.assertNoneFailed();
			}
			cluster.await("the old generation's end", () -> files("generation-1").isEmpty());
			assertThat(cluster.output().text()).doesNotContainIgnoringCase("warning");
			assertThat(cluster.output().lines(" WARN ")).singleElement().asString().contains("Slot 1 lost worker 2");
			assertThat(directoriesOfTomcat(temporary)).as("of two workers and one that was killed").hasSize(3);
		}
	}

	private static List<String> directoriesOfTomcat(Path temporary) throws IOException {
		try (Stream<Path> files = Files.list(temporary)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.startsWith("tomcat."))
				.toList();
		}
	}

	private void assertTrainingNeitherRanNorServedNorWroteAnything(ClusterProcess cluster, ClusterStatus started,
			Path log) throws IOException {
		cluster.await("runners", () -> traced("runner").size() == 2 && traced("scheduler").size() == 2);
		List<String> workers = started.pids().stream().map(String::valueOf).toList();
		assertThat(traced("runner")).containsExactlyInAnyOrderElementsOf(workers);
		assertThat(traced("scheduler")).containsExactlyInAnyOrderElementsOf(workers);
		// Or else the three facts above would prove nothing
		assertThat(traced("beans")).hasSize(3).containsAll(workers);
		String output = Files.readString(files("training-start.log").get(0));
		assertThat(output).contains("Tomcat initialized").doesNotContain("Tomcat started");
		assertThat(cluster.output().text()).doesNotContain("this run prepares an archive");
		assertThat(log).satisfiesAnyOf((file) -> assertThat(file).doesNotExist(),
				(file) -> assertThat(file).content().doesNotContain("this run prepares an archive"));
	}

	@Test
	void failedTrainingIsOneWarningAndTheClusterRuns() throws Exception {
		try (ClusterProcess cluster = variant().workers("1").environment("SAMPLE_WHEN_TRAINED", "exit").start()) {
			assertUntrained(cluster.awaitSettled());
			assertThat(cluster.output().lines(" WARN ")).hasSize(1)
				.first()
				.asString()
				.contains("Generation 1", "training start: exit code 3", "not in the mood for training");
			cluster.awaitReload(cluster.reload("").id());
			assertThat(cluster.get("/").status()).isEqualTo(200);
		}
	}

	@Test
	void workersWithAnArchiveOptionOfTheUserAreLeftAlone() throws Exception {
		try (ClusterProcess cluster = this.launcher.workers("1")
			.arguments("--cluster.worker.jvm-args=-Xshare:off")
			.start()) {
			assertUntrained(cluster.awaitSettled());
			cluster.awaitReload(cluster.reload("").id());
			assertThat(cluster.output().lines("is not trained for faster starts")).hasSize(1)
				.first()
				.asString()
				.contains(" INFO ", "-Xshare:off");
			assertThat(cluster.output().lines(" WARN ")).isEmpty();
		}
	}

	@Test
	void trainingThatHangsEndsWithTheCluster() throws Exception {
		try (ClusterProcess cluster = hanging()) {
			cluster.signal("TERM");
			cluster.awaitExit(Duration.ofSeconds(20));
			assertThat(cluster.output().lines(" WARN ")).isEmpty();
		}
	}

	@Test
	void trainingThatHangsEndsWhenThePrimaryIsKilled() throws Exception {
		try (ClusterProcess cluster = hanging()) {
			cluster.signal("KILL");
			Awaitility.await("the training's end")
				.atMost(Duration.ofSeconds(30))
				.until(() -> cluster.processes().isEmpty());
		}
		// As the next start does it
		Tool.run("rm", "-r", this.staging.toString());
		Files.createDirectory(this.staging);
	}

	private ClusterLauncher variant() throws IOException {
		return this.launcher.jar(SampleJar.with(this.directory.resolve("variant.jar"), TracingAutoConfiguration.class));
	}

	private ClusterProcess hanging() throws IOException {
		ClusterProcess cluster = variant().environment("SAMPLE_WHEN_TRAINED", "hang").start();
		cluster.await("training", () -> Files.exists(this.trace));
		return cluster;
	}

	private void assertTrained(ClusterStatus status) throws IOException {
		for (ClusterStatus.Worker worker : status.ready()) {
			assertThat(memoryOf(worker))
				.containsPattern("/generation-%d/training/classes\\.(?:jsa|aot)".formatted(status.generation()));
			assertThat(commandOf(worker)).contains("/generation-%d/".formatted(status.generation()), ".extracted.jar");
		}
	}

	private void assertUntrained(ClusterStatus status) throws IOException {
		for (ClusterStatus.Worker worker : status.ready()) {
			assertThat(commandOf(worker)).contains("/generation-1/").doesNotContain(".extracted.jar");
		}
	}

	private static String memoryOf(ClusterStatus.Worker worker) throws IOException {
		return Files.readString(Path.of("/proc/" + worker.pid() + "/maps"));
	}

	private static String commandOf(ClusterStatus.Worker worker) throws IOException {
		return Files.readString(Path.of("/proc/" + worker.pid() + "/cmdline"));
	}

	private List<String> traced(String what) throws IOException {
		return Files.readAllLines(this.trace)
			.stream()
			.filter((line) -> line.startsWith(what + " "))
			.map((line) -> line.substring(what.length() + 1))
			.toList();
	}

	private List<Path> files(String name) throws IOException {
		try (Stream<Path> files = Files.walk(this.staging)) {
			return files.filter((file) -> file.getFileName().toString().equals(name)).toList();
		}
	}

}
