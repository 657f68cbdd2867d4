package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
 * Makes the starts of workers faster: extracts the jar of their generation, starts the
 * application once until everything is built and nothing runs, and keeps what the JVM
 * learns by it for all who start the same. Slow; may be cancelled by another thread.
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

	// What a framework reads before Spring Boot has set up logging, as TrainingLog says
	private static final List<String> LOG_OPTIONS = List.of(
			"-Dlogback.configurationFile=io/clusterboot/training-logback.xml",
			"-Dlog4j2.configurationFile=org/springframework/boot/logging/log4j2/log4j2.xml");

	private static final List<String> EXTRACT_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
			"-Djarmode=tools");

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final WorkerCommand command;

	private final int workers;

	private final JvmCommand given;

	private final CodeCopy copy;

	private final ArchiveCache cache;

	private final Path directory;

	private final ArchiveKind kind;

	private final TrainingProcess process;

	private volatile boolean stopped;

	/**
	 * Create a training.
	 * @param command the commands of workers
	 * @param workers how many workers share the machine
	 * @param copy the copy to train
	 * @param cache where what is made is kept
	 * @param directory where other files go, in one that exists; deleting it is up to the
	 * caller
	 * @param removed the environment variables that the application does not get
	 * @param urgency whether somebody waits for it
	 */
	public Training(WorkerCommand command, int workers, CodeCopy copy, ArchiveCache cache, Path directory,
			Set<String> removed, TrainingUrgency urgency) {
		this.command = command;
		this.workers = workers;
		this.given = copy.command();
		this.copy = copy;
		this.cache = cache;
		this.directory = directory;
		this.kind = ArchiveKind.of(Runtime.version().feature());
		this.process = new TrainingProcess(copy.workingDirectory(), removed, urgency.limit(),
				urgency == TrainingUrgency.BACKGROUND);
	}

	/**
	 * Return why workers would gain nothing or could go wrong.
	 * @return the reason or {@code null} if the generation can be trained
	 * @throws IOException if the jar cannot be read
	 */
	public @Nullable String reasonAgainst() throws IOException {
		List<String> main = this.given.main();
		if (!main.get(0).equals("-jar")) {
			return "the application is not started from an executable jar";
		}
		String reason = TrainingOptions.reasonAgainst(this.command.options());
		return (reason != null) ? reason : ExtractableArchive.reasonAgainst(jar());
	}

	/**
	 * Find what an earlier training of the same has left.
	 * @return what workers run, or {@code null} if there is nothing
	 * @throws IOException if it cannot be used
	 * @throws InterruptedException if the thread is interrupted
	 */
	public @Nullable TrainedCode find() throws IOException, InterruptedException {
		String key = key();
		CacheEntry entry = this.cache.find(key);
		return (entry != null) ? use(entry, key) : null;
	}

	private @Nullable TrainedCode use(CacheEntry entry, String key) throws IOException, InterruptedException {
		try {
			if (!isWritableForWorkers(entry)) {
				entry.close();
				return null;
			}
			String name = key.substring(0, 16);
			return code(entry, ExtractedJar.put(made(entry, name), jar(), name));
		}
		catch (IOException | InterruptedException ex) {
			entry.close();
			throw ex;
		}
	}

	private TrainedCode code(CacheEntry entry, ExtractedJar jar) throws IOException {
		return TrainedCode.of(entry, jar, this.copy, this.kind, this.command.options());
	}

	private String key() throws IOException {
		return TrainingKey.of(this.copy, this.command, this.cache.directory());
	}

	private Path jar() {
		return Path.of(this.given.main().get(1));
	}

	// The jar that is left, where it is extracted to
	private Path made(CacheEntry entry, String key) {
		return entry.application().resolve(HiddenFiles.extracted(jar(), key).getFileName());
	}

	/**
	 * Train, unless somebody else has done so.
	 * @return what it has come to
	 * @throws IOException if a process cannot be started or a file not be written
	 * @throws InterruptedException if the thread is interrupted
	 */
	public TrainingResult run() throws IOException, InterruptedException {
		StagingDirectory.of(this.directory).delete();
		Files.createDirectories(this.directory);
		String key = key();
		while (!this.process.isLate()) {
			TrainedCode found = find();
			if (found != null) {
				return new TrainingResult(found, null, null, null, null);
			}
			CacheEntry entry = this.cache.create(key);
			if (entry != null) {
				return make(entry, key.substring(0, 16));
			}
			Thread.sleep(PATIENCE.toMillis());
		}
		return TrainingResult.failed("somebody else makes or uses a damaged one");
	}

	private TrainingResult make(CacheEntry entry, String name) throws IOException, InterruptedException {
		ExtractedJar jar = null;
		boolean used = false;
		try {
			if (!isWritableForWorkers(entry)) {
				return TrainingResult.refused(
						"cluster.worker.command-prefix starts workers such that they may not write where the archive goes");
			}
			String failure = run("extraction of the jar", extract(made(entry, name)));
			if (failure == null) {
				jar = ExtractedJar.put(made(entry, name), jar(), name);
				TrainingResult result = train(entry, jar);
				used = result.code() != null;
				return result;
			}
			return TrainingResult.failed(failure);
		}
		finally {
			if (!used && jar != null) {
				jar.close();
			}
			if (!used) {
				entry.close();
			}
		}
	}

	// The prefix can make workers another user. Then the application must not run as this
	// one, and what that one writes this one must not use
	private boolean isWritableForWorkers(CacheEntry entry) throws IOException, InterruptedException {
		if (!this.command.hasPrefix()) {
			return true;
		}
		Files.createDirectories(this.directory);
		return this.process.run(this.command.prefixed(List.of("test", "-w", entry.path().toString())),
				output("test of the prefix")) == null;
	}

	private TrainingResult train(CacheEntry entry, ExtractedJar jar) throws IOException, InterruptedException {
		Files.createDirectory(temporary());
		JvmCommand extracted = TrainedCode.run(this.given, jar);
		String failure = run("training start", extracted, recording(entry));
		// It exits without its hooks, which would delete what it left there
		StagingDirectory.of(temporary()).delete();
		Path refusal = this.directory.resolve(REFUSAL);
		if (Files.exists(refusal)) {
			String reason = Files.readString(refusal);
			StagingDirectory.of(this.directory).delete();
			return TrainingResult.refused(reason);
		}
		List<String> options = this.kind.assemble(entry.path());
		if (failure == null && !options.isEmpty()) {
			failure = run("making of the archive", Judgement.loading(extracted, "-version"), options);
		}
		if (failure == null) {
			return tryOut(entry, jar, extracted);
		}
		return TrainingResult.failed(failure);
	}

	private TrainingResult tryOut(CacheEntry entry, ExtractedJar jar, JvmCommand extracted)
			throws IOException, InterruptedException {
		Judgement judgement = new Judgement(this.directory, this.kind, this::run);
		String failure = judgement.reach(extracted, TrainedCode.options(entry, this.kind, this.command.options()));
		if (failure != null) {
			return TrainingResult.failed(failure);
		}
		this.kind.clean(entry.path());
		entry.complete();
		this.cache.tidy();
		return new TrainingResult(code(entry, jar), judgement.worth(), null, null, this.process.priority());
	}

	/**
	 * Stop it as soon as possible.
	 */
	public void cancel() {
		this.stopped = true;
		this.process.cancel();
	}

	/**
	 * Return whether {@link #cancel()} was called.
	 * @return whether it was
	 */
	public boolean isStopped() {
		return this.stopped;
	}

	/**
	 * Return whether it is no longer wanted, also by whoever sent its process a signal.
	 * @return whether it has ended for that
	 */
	public boolean isCancelled() {
		return this.process.isCancelled();
	}

	private WorkerLaunch extract(Path jar) {
		List<String> extraction = new ArrayList<>();
		extraction.add(this.given.executable());
		extraction.addAll(EXTRACT_OPTIONS);
		extraction.addAll(this.given.main());
		extraction.addAll(List.of("extract", "--destination", jar.getParent().toString(), "--application-filename",
				jar.getFileName().toString(), "--libraries", HiddenFiles.librariesOf(jar).getFileName().toString()));
		return new WorkerLaunch(extraction, extraction.size(), Map.of());
	}

	private List<String> recording(CacheEntry entry) {
		List<String> options = new ArrayList<>(this.kind.record(entry.path()));
		options.add(Judgement.logging(this.directory));
		options.addAll(LOG_OPTIONS);
		options.addAll(List.of("-Dspring.context.exit=onRefresh", "-Djava.io.tmpdir=" + temporary(),
				"-D%s=%s".formatted(DIRECTORY, this.directory),
				"-D%s=%d".formatted(PRIMARY, ProcessHandle.current().pid())));
		return options;
	}

	private Path temporary() {
		return this.directory.resolve("tmp");
	}

	private @Nullable String run(String step, JvmCommand application, List<String> options)
			throws IOException, InterruptedException {
		return run(step, this.command.training(application, options, this.workers));
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
		return output(this.directory, step);
	}

	static Path output(Path directory, String step) {
		return directory.resolve(step.replace(' ', '-') + ".log");
	}

}
