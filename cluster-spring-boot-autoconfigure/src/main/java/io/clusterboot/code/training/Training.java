package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.code.ExtractableArchive;
import io.clusterboot.code.HiddenFiles;
import io.clusterboot.code.StagingDirectory;
import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.TrainingOptions;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.command.WorkerLaunch;
import org.jspecify.annotations.Nullable;

/**
 * Makes the starts of one generation's workers faster: extracts its jar, starts the
 * application once until everything is built and nothing runs, and keeps what the JVM
 * learns by it. Slow; may be cancelled by another thread.
 */
public final class Training {

	/**
	 * The system property of a training start with the directory for its files.
	 */
	public static final String DIRECTORY = "cluster.training.directory";

	/**
	 * The system property of a training start with the process id of the primary.
	 */
	public static final String PRIMARY = "cluster.training.primary";

	/**
	 * The file in which a training start leaves the reason why it must not go on.
	 */
	public static final String REFUSAL = "refusal";

	private static final Duration LIMIT = Duration.ofMinutes(2);

	// What a framework reads before Spring Boot has set up logging, as TrainingLog says
	private static final List<String> LOG_OPTIONS = List.of(
			"-Dlogback.configurationFile=io/clusterboot/training-logback.xml",
			"-Dlog4j2.configurationFile=org/springframework/boot/logging/log4j2/log4j2.xml");

	private static final List<String> EXTRACT_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
			"-Djarmode=tools");

	// The JVM may have to say something about the user's options too
	private static final Pattern WARNING = Pattern
		.compile("(?!(?:NOTE: )?Picked up |.*\\(build ).*(?:\\[(?:aot|cds)\\b|[Aa]rchive|AOT cache|CDS|[Ss]haring).*");

	private final WorkerCommand command;

	private final int workers;

	private final JvmCommand given;

	private final Path workingDirectory;

	private final Path directory;

	private final ArchiveKind kind;

	private final TrainingProcess process;

	/**
	 * Create a training.
	 * @param command the commands of workers
	 * @param workers how many workers share the machine
	 * @param copy the copy to train
	 * @param directory where files go, in one that exists; deleting it is up to the
	 * caller
	 * @param removed the environment variables that the application does not get
	 */
	public Training(WorkerCommand command, int workers, CodeCopy copy, Path directory, Set<String> removed) {
		this.command = command;
		this.workers = workers;
		this.given = copy.command();
		this.workingDirectory = copy.workingDirectory();
		this.directory = directory;
		this.kind = ArchiveKind.of(Runtime.version().feature());
		this.process = new TrainingProcess(this.workingDirectory, removed, LIMIT);
	}

	/**
	 * Return why workers would gain nothing or could go wrong.
	 * @return the reason or {@code null} if the generation can be trained
	 * @throws IOException if the jar cannot be read or the prefix of workers not be
	 * started
	 * @throws InterruptedException if the thread is interrupted
	 */
	public @Nullable String reasonAgainst() throws IOException, InterruptedException {
		List<String> main = this.given.main();
		if (!main.get(0).equals("-jar")) {
			return "the application is not started from an executable jar";
		}
		String reason = TrainingOptions.reasonAgainst(this.command.options());
		if (reason == null && this.command.hasPrefix() && !isWritableForWorkers()) {
			reason = "cluster.worker.command-prefix starts workers such that they may not write where the archive goes";
		}
		return (reason != null) ? reason : ExtractableArchive.reasonAgainst(Path.of(main.get(1)));
	}

	// The prefix can make workers another user. Then the application must not run as this
	// one, and what that one writes this one must not use
	private boolean isWritableForWorkers() throws IOException, InterruptedException {
		Files.createDirectories(this.directory);
		return this.process.run(this.command.prefixed(List.of("test", "-w", this.directory.toString())),
				output("test of the prefix")) == null;
	}

	/**
	 * Train.
	 * @return what it has come to
	 * @throws IOException if a process cannot be started or a file not be written
	 * @throws InterruptedException if the thread is interrupted
	 */
	public TrainingResult run() throws IOException, InterruptedException {
		Files.createDirectories(this.directory);
		Path copy = Path.of(this.given.main().get(1));
		Path jar = HiddenFiles.extracted(copy);
		Path libraries = HiddenFiles.libraries(copy);
		Path application = this.directory.resolve("application");
		String failure = run("extraction of the jar", extract(application, jar, libraries));
		if (failure != null) {
			return TrainingResult.failed(failure);
		}
		boolean used = false;
		try {
			// Beside the copy, so that the application finds its files as before
			Files.move(application.resolve(jar.getFileName()), jar);
			Files.createSymbolicLink(libraries, application.resolve(libraries.getFileName()));
			TrainingResult result = train(runs(jar));
			used = (result.copy() != null);
			return result;
		}
		finally {
			if (!used) {
				Files.deleteIfExists(jar);
				HiddenFiles.deleteLink(libraries);
			}
		}
	}

	private TrainingResult train(JvmCommand extracted) throws IOException, InterruptedException {
		Files.createDirectory(temporary());
		String failure = run("training start", training(extracted, recording()));
		// It exits without its hooks, which would delete what it left there
		StagingDirectory.of(temporary()).delete();
		Path refusal = this.directory.resolve(REFUSAL);
		if (Files.exists(refusal)) {
			String reason = Files.readString(refusal);
			StagingDirectory.of(this.directory).delete();
			return TrainingResult.refused(reason);
		}
		if (failure != null) {
			return TrainingResult.failed(failure);
		}
		CodeCopy faster = new CodeCopy(extracted, this.workingDirectory);
		failure = assemble(extracted);
		if (failure != null) {
			return new TrainingResult(faster, null, 0, failure, null);
		}
		List<String> options = new ArrayList<>(extracted.options());
		options.add(this.kind.use(this.directory));
		return new TrainingResult(new CodeCopy(extracted.withOptions(options), this.workingDirectory),
				this.kind.description(), Files.size(this.kind.file(this.directory)), null, null);
	}

	/**
	 * Stop it as soon as possible.
	 */
	public void cancel() {
		this.process.cancel();
	}

	public boolean isCancelled() {
		return this.process.isCancelled();
	}

	private WorkerLaunch extract(Path destination, Path jar, Path libraries) {
		List<String> extraction = new ArrayList<>();
		extraction.add(this.given.executable());
		extraction.addAll(EXTRACT_OPTIONS);
		extraction.addAll(this.given.main());
		extraction.addAll(List.of("extract", "--destination", destination.toString(), "--application-filename",
				jar.getFileName().toString(), "--libraries", libraries.getFileName().toString()));
		return new WorkerLaunch(extraction, extraction.size(), Map.of());
	}

	private WorkerLaunch training(JvmCommand application, List<String> options) {
		return this.command.training(application, options, this.workers);
	}

	private List<String> recording() {
		List<String> options = new ArrayList<>(this.kind.record(this.directory));
		options.addAll(LOG_OPTIONS);
		options.addAll(List.of("-Dspring.context.exit=onRefresh", "-Djava.io.tmpdir=" + temporary(),
				"-D%s=%s".formatted(DIRECTORY, this.directory),
				"-D%s=%d".formatted(PRIMARY, ProcessHandle.current().pid())));
		return options;
	}

	private Path temporary() {
		return this.directory.resolve("tmp");
	}

	private @Nullable String assemble(JvmCommand extracted) throws IOException, InterruptedException {
		List<String> options = this.kind.assemble(this.directory);
		String failure = (!options.isEmpty()) ? run("making of the archive", training(versionOf(extracted), options))
				: null;
		return (failure != null) ? failure : verify(extracted);
	}

	// The JVM ignores an archive that does not fit, some versions with warnings
	private @Nullable String verify(JvmCommand extracted) throws IOException, InterruptedException {
		String step = "trial of the archive";
		Path loaded = this.directory.resolve("classes.log");
		WorkerLaunch trial = training(versionOf(extracted),
				List.of(this.kind.use(this.directory), "-Xlog:class+load:file=\"%s\"".formatted(loaded)));
		String failure = run(step, trial);
		if (failure != null) {
			return failure;
		}
		String warning = warning(output(step));
		if (warning != null) {
			return "the %s says: %s".formatted(step, warning);
		}
		try (Stream<String> lines = Files.lines(loaded, StandardCharsets.ISO_8859_1)) {
			return lines.anyMatch(this.kind::isLoaded) ? null : "the JVM does not use it";
		}
		finally {
			Files.delete(loaded);
		}
	}

	private static @Nullable String warning(Path output) throws IOException {
		try (Stream<String> lines = Files.lines(output, StandardCharsets.ISO_8859_1)) {
			return lines.filter((line) -> WARNING.matcher(line).matches()).findFirst().orElse(null);
		}
	}

	private JvmCommand runs(Path jar) {
		return new JvmCommand(this.given.executable(), this.given.options(), List.of("-jar", jar.toString()),
				this.given.arguments());
	}

	// With the same class path, but without running anything
	private static JvmCommand versionOf(JvmCommand command) {
		List<String> options = new ArrayList<>(command.options());
		options.addAll(List.of("-cp", command.main().get(1)));
		return new JvmCommand(command.executable(), options, List.of("-version"), List.of());
	}

	private @Nullable String run(String step, WorkerLaunch launch) throws IOException, InterruptedException {
		Path output = output(step);
		String failure = this.process.run(launch, output);
		if (failure == null) {
			return null;
		}
		String line = TrainingOutput.tellingLine(output);
		return "%s: %s%s; see %s".formatted(step, failure, (line != null) ? ", '" + line + "'" : "", output);
	}

	private Path output(String step) {
		return this.directory.resolve(step.replace(' ', '-') + ".log");
	}

}
