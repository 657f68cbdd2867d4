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
class TrainingIT {

	@TempDir
	private Path directory;

	private Path staging;

	private Path trace;

	private Path cache;

	private ClusterLauncher launcher;

	@BeforeEach
	void prepare(TestInfo test) throws IOException {
		this.staging = Files.createDirectory(this.directory.resolve("staging"));
		this.cache = this.directory.resolve("cache");
		this.trace = this.directory.resolve("trace");
		this.launcher = launcher(test, "before").arguments("--cluster.staging.directory=" + this.staging);
	}

	private ClusterLauncher launcher(TestInfo test, String train) {
		return new ClusterLauncher(test).jar(SampleJar.original())
			.environment("SAMPLE_TRACE", this.trace.toString())
			.environment("XDG_CACHE_HOME", this.cache.toString())
			.arguments("--cluster.reload.train=" + train);
	}

	@AfterEach
	void assertNothingIsLeft() {
		assertThat(this.staging).isEmptyDirectory();
	}

	@Test
	@Tag("alone")
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
			assertThat(cluster.output().lines("Generation 2 uses (?:a CDS archive|an AOT cache) that is there"))
				.hasSize(1);
			assertThat(traced("beans")).as("of one training and five workers").hasSize(6);
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
	@Tag("alone")
	void secondStartAndAChangedConfigurationNeedNoTraining(TestInfo test) throws Exception {
		Path jar = SampleJar.with(Files.createDirectory(this.directory.resolve("dist")).resolve("app.jar"),
				TracingAutoConfiguration.class);
		Path configuration = jar.resolveSibling("application.properties");
		try (ClusterProcess cluster = launcher(test, "background").jar(jar).workers("1").start()) {
			cluster.awaitSettled();
			cluster.await("training", () -> cluster.output().has("Generation 1 has (?:a CDS archive|an AOT cache)"));
			Files.writeString(configuration, "sample.any=thing");
			assertTrained(cluster.awaitReload(cluster.reload("").id()));
			assertThat(traced("beans")).as("of one training and two workers").hasSize(3);
		}
		assertThat(jar.getParent()).as("what is left")
			.isDirectoryNotContaining((file) -> file.getFileName().toString().startsWith("."));
		try (ClusterProcess cluster = launcher(test, "background").named("second").jar(jar).workers("2").start()) {
			ClusterStatus second = cluster.awaitSettled();
			assertTrained(second);
			assertThat(commandOf(second.worker(0))).contains(jar.getParent().toRealPath() + "/.app.jar.trained-");
			assertThat(cluster.output().lines("Generation 1 (?:has|uses) an? ")).singleElement()
				.asString()
				.contains("that is there");
			assertThat(traced("beans")).as("of two more workers").hasSize(5);
			assertThat(cluster.output().text()).doesNotContainIgnoringCase("warning");
		}
	}

	@Test
	@Tag("alone")
	void trainingIsBehindEverythingAndEndsWhileAWorkerStarts(TestInfo test) throws Exception {
		try (ClusterProcess cluster = variant(launcher(test, "background")).environment("SAMPLE_WHEN_TRAINED", "hang")
			.start()) {
			ClusterStatus started = cluster.awaitSettled();
			cluster.await("training", () -> traced("beans").size() == 3);
			long training = Long.parseLong(traced("beans").get(2));
			// proc(5): behind the name, which may have spaces, field 39 is the policy,
			// and 5 is
			// SCHED_IDLE
			assertThat(Tool
				.run("sh", "-c", "sed 's/.*) //' /proc/%d/task/*/stat | cut -d ' ' -f 39 | sort -u".formatted(training))
				.output()).isEqualToIgnoringWhitespace("5");
			ClusterProcess.signal(started.worker(1).pid(), "KILL");
			cluster.await("the end of the training", () -> ProcessHandle.of(training).isEmpty());
			cluster.await("replacement")
				.until(cluster::status,
						(status) -> status.isSettled() && status.worker(1).id() > started.worker(1).id());
			cluster.await("another training", () -> traced("beans").size() == 5);
			assertThat(cluster.output().lines(" WARN ")).singleElement().asString().contains("Slot 1 lost worker 2");
		}
	}

	@Test
	void failedTrainingIsOneWarningAndTheClusterRuns() throws Exception {
		try (ClusterProcess cluster = variant().workers("1").environment("SAMPLE_WHEN_TRAINED", "exit").start()) {
			assertUntrained(cluster.awaitSettled());
			assertThat(cluster.output().lines(" WARN ")).hasSize(1)
				.first()
				.asString()
				.contains("Generation 1", "training start: exit code 3", "not in the mood for training");
			assertThat(cluster.get("/").status()).isEqualTo(200);
		}
	}

	@Test
	@Tag("nightly")
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
		return variant(this.launcher);
	}

	private ClusterLauncher variant(ClusterLauncher launcher) throws IOException {
		return launcher.jar(SampleJar.with(this.directory.resolve("variant.jar"), TracingAutoConfiguration.class));
	}

	private ClusterProcess hanging() throws IOException {
		ClusterProcess cluster = variant().environment("SAMPLE_WHEN_TRAINED", "hang").start();
		cluster.await("training", () -> Files.exists(this.trace));
		return cluster;
	}

	private void assertTrained(ClusterStatus status) throws IOException {
		for (ClusterStatus.Worker worker : status.ready()) {
			assertThat(memoryOf(worker))
				.containsPattern(this.cache + "/cluster-spring-boot/\\p{XDigit}{64}/classes\\.(?:jsa|aot)");
			assertThat(commandOf(worker)).contains(".extracted.jar");
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
