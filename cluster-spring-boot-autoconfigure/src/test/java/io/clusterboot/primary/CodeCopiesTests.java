package io.clusterboot.primary;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

import io.clusterboot.code.StagingDirectory;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.contract.ReloadTraining;
import io.clusterboot.output.OutputTarget;
import io.clusterboot.output.PrimaryLog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link CodeCopies} and the {@link Trainings} that they begin.
 */
class CodeCopiesTests {

	private static final String JAVA = System.getProperty("java.home") + "/bin/java";

	private static final String TOOLS = "BOOT-INF/lib/spring-boot-jarmode-tools-4.1.0.jar";

	@TempDir
	private Path directory;

	private final ByteArrayOutputStream log = new ByteArrayOutputStream();

	private final BlockingQueue<PrimaryEvent> events = new LinkedBlockingQueue<>();

	private Clock clock = Clock.systemUTC();

	private PrimaryLog primaryLog;

	private CodeCopies copies;

	@BeforeEach
	void prepare() {
		this.copies = copies(List.of("Main"), true);
	}

	@AfterEach
	void close() {
		this.copies.close();
	}

	@Test
	void takeWhenNotToBeTrainedAnswersOnly() throws Exception {
		this.copies.take(1, ReloadTraining.OFF, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.CodeCopied(1));
		assertThat(this.copies.find(1)).isNotNull();
		assertThat(this.directory.resolve("staging/generation-1/configuration")).isEmptyDirectory();
		assertThat(log()).isEmpty();
	}

	@Test
	void takeWhenTrainingIsImpossibleAnswersAndSaysOnceWhy() throws Exception {
		for (int generation = 1; generation <= 3; generation++) {
			this.copies.take(generation, ReloadTraining.BEFORE, 2);
			assertThat(answer()).isEqualTo(new PrimaryEvent.CodeCopied(generation));
		}
		assertThat(log()).singleElement()
			.asString()
			.contains(" INFO ", "Generation 1 is not trained", "not started from an executable jar");
	}

	@Test
	void takeWhenSnapshotsAreTurnedOffAnswersAndSaysWhy() throws Exception {
		this.copies = copies(List.of("-jar", jar().toString()), false);
		this.copies.take(1, ReloadTraining.BEFORE, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.CodeCopied(1));
		assertThat(log()).singleElement().asString().contains(" INFO ", "cluster.staging.enabled");
		assertThat(this.directory.resolve("staging")).doesNotExist();
	}

	@Test
	void takeWhenTrainingFailsAnswersWithAWarningAndKeepsTheSnapshot() throws Exception {
		this.copies = copies(List.of("-jar", jar().toString()), true);
		this.copies.take(1, ReloadTraining.BEFORE, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.CodeCopied(1));
		assertThat(this.copies.find(1)).isNotNull()
			.extracting((copy) -> copy.command().main().get(1))
			.isEqualTo(this.directory.resolve(".app.jar.generation-1-staging.jar").toString());
		assertThat(log()).singleElement()
			.asString()
			.contains(" WARN ", "Generation 1 has no archive", "extraction of the jar: exit code 1", "JarLauncher");
	}

	@Test
	void takeWhenAnErrorIsThrownFails() throws Exception {
		this.clock = mock(Clock.class, (call) -> {
			throw new OutOfMemoryError("unable to create native thread");
		});
		this.copies = copies(List.of("Main"), false);
		this.copies.take(1, ReloadTraining.BEFORE, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.CopyFailed(1, "unable to create native thread"));
	}

	@Test
	void trainWhenSnapshotIsUnknownDoesNothing() throws Exception {
		this.copies.train(7, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.Trained(7));
		assertThat(log()).isEmpty();
	}

	@Test
	void trainWhenItFailsAnswersAndWhenItIsStoppedDoesNot() throws Exception {
		this.copies = copies(List.of("-jar", jar().toString()), true);
		this.copies.take(1, ReloadTraining.BACKGROUND, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.CodeCopied(1));
		this.copies.train(1, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.Trained(1));
		assertThat(log()).singleElement().asString().contains(" WARN ", "Generation 1 has no archive");
		this.copies.take(2, ReloadTraining.BACKGROUND, 2);
		answer();
		this.copies.train(2, 2);
		Awaitility.await().until(() -> Files.exists(this.directory.resolve("staging/generation-2/training")));
		this.copies.stopTraining(2);
		this.copies.train(2, 2);
		assertThat(answer()).isEqualTo(new PrimaryEvent.Trained(2));
		assertThat(this.events).isEmpty();
	}

	@Test
	void discardDeletesWhatTheTrainingHasWritten() throws Exception {
		this.copies = copies(List.of("-jar", jar().toString()), true);
		this.copies.take(1, ReloadTraining.BEFORE, 2);
		answer();
		Path generation = this.directory.resolve("staging/generation-1");
		assertThat(generation.resolve("training")).isNotEmptyDirectory();
		this.copies.discard(1);
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !Files.exists(generation));
		assertThat(this.copies.find(1)).isNull();
	}

	@Test
	void findWhenTheCopyWasDeletedMakesItAnewAndSaysSo() throws Exception {
		this.copies = copies(List.of("-jar", jar().toString()), true);
		this.copies.take(1, ReloadTraining.OFF, 2);
		answer();
		Path copy = Path.of(this.copies.find(1).command().main().get(1));
		Files.delete(copy);
		assertThat(this.copies.find(1).command().main().get(1)).isEqualTo(copy.toString());
		assertThat(copy).hasSameBinaryContentAs(this.directory.resolve("app.jar"));
		assertThat(log()).singleElement().asString().contains(" WARN ", "was gone and was made anew");
	}

	@Test
	void closeLeavesNothingBesideTheJar() throws Exception {
		this.copies = copies(List.of("-jar", jar().toString()), true);
		this.copies.take(1, ReloadTraining.OFF, 2);
		answer();
		assertThat(this.directory).isDirectoryContaining("glob:**/.app.jar.*");
		this.copies.close();
		assertThat(this.directory).isDirectoryNotContaining("glob:**/.app.jar.*");
	}

	@Test
	void discardWhileTheTrainingRunsEndsItQuietly() throws Exception {
		this.copies = copies(List.of("-jar", jar().toString()), true);
		this.copies.take(1, ReloadTraining.BEFORE, 2);
		this.copies.discard(1);
		assertThat(answer()).isEqualTo(new PrimaryEvent.CodeCopied(1));
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.until(() -> !Files.exists(this.directory.resolve("staging/generation-1")));
		assertThat(this.copies.find(1)).isNull();
		assertThat(log()).isEmpty();
	}

	private CodeCopies copies(List<String> main, boolean enabled) {
		JvmCommand command = new JvmCommand(JAVA, List.of(), main, List.of());
		PrimarySettings settings = new PrimarySettings(Map.of(), List.of(), false, command, Map.of(), List.of(),
				List.of(), 0, Path.of("").toAbsolutePath().toString(), enabled,
				this.directory.resolve("staging").toString(), null, "", false);
		this.primaryLog = new PrimaryLog(new OutputTarget(new PrintStream(this.log, true)), this.clock, 1, "", false);
		WorkerCommand workers = new WorkerCommand(command, Map.of(), List.of(), List.of(), 0, 0);
		return new CodeCopies(settings, StagingDirectory.of(this.directory.resolve("staging")), workers,
				Map.of("XDG_CACHE_HOME", this.directory.resolve("cache").toString()), this.primaryLog,
				this.events::add);
	}

	// Looks executable and is not: its launcher is missing
	private Path jar() throws IOException {
		Manifest manifest = new Manifest();
		Map.of("Manifest-Version", "1.0", "Main-Class", "org.springframework.boot.loader.launch.JarLauncher",
				"Spring-Boot-Classes", "BOOT-INF/classes/", "Spring-Boot-Lib", "BOOT-INF/lib/",
				"Spring-Boot-Classpath-Index", "BOOT-INF/classpath.idx")
			.forEach((name, value) -> manifest.getMainAttributes().put(new Attributes.Name(name), value));
		Path jar = this.directory.resolve("app.jar");
		try (OutputStream file = Files.newOutputStream(jar);
				JarOutputStream archive = new JarOutputStream(file, manifest)) {
			archive.putNextEntry(new ZipEntry("BOOT-INF/classpath.idx"));
			archive.write(("- \"" + TOOLS + "\"\n").getBytes(StandardCharsets.UTF_8));
			archive.putNextEntry(new ZipEntry(TOOLS));
		}
		return jar;
	}

	private PrimaryEvent answer() throws InterruptedException {
		PrimaryEvent event = this.events.poll(30, TimeUnit.SECONDS);
		assertThat(event).isNotNull();
		return event;
	}

	private List<String> log() {
		this.primaryLog.flush();
		return this.log.toString(StandardCharsets.UTF_8).lines().toList();
	}

}
