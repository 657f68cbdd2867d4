package io.clusterboot.primary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.code.CodeSource;
import io.clusterboot.code.ConfigurationDirectories;
import io.clusterboot.code.StagingDirectory;
import io.clusterboot.code.training.ArchiveCache;
import io.clusterboot.code.training.TrainedCode;
import io.clusterboot.code.training.TrainingUrgency;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.contract.ReloadTraining;
import io.clusterboot.output.PrimaryLog;
import org.jspecify.annotations.Nullable;

/**
 * The copies of the generations that are in use. Copying takes its time, so a thread of
 * its own does it.
 */
final class CodeCopies implements AutoCloseable {

	private final PrimarySettings settings;

	private final CodeSource source;

	private final ConfigurationDirectories configurations;

	private final Trainings trainings;

	private final Consumer<PrimaryEvent> events;

	private final PrimaryLog log;

	private final Map<Integer, CodeCopy> copies = new ConcurrentHashMap<>();

	private final Map<Integer, TrainedCode> trained = new ConcurrentHashMap<>();

	// What differs from a run without a cluster hardly changes between generations
	private final Set<String> remarks = ConcurrentHashMap.newKeySet();

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-copy");
		thread.setDaemon(true);
		return thread;
	});

	CodeCopies(PrimarySettings settings, StagingDirectory staging, WorkerCommand command,
			Map<String, String> environment, PrimaryLog log, Consumer<PrimaryEvent> events) {
		this.settings = settings;
		this.log = log;
		this.source = new CodeSource(settings.command(), Path.of(settings.workingDirectory()), staging,
				!isDirectoryWanted(), this::remark);
		this.configurations = new ConfigurationDirectories(staging, command);
		this.trainings = new Trainings(command, new ArchiveCache(environment, staging, this::warn), log);
		this.events = events;
	}

	private boolean isDirectoryWanted() {
		return !this.settings.configuration().getOrDefault("cluster.staging.directory", "").isEmpty();
	}

	private void warn(String remark) {
		if (this.remarks.add(remark)) {
			this.log.warn(remark);
		}
	}

	private void remark(String remark) {
		if (this.remarks.add(remark)) {
			this.log.write((isDirectoryWanted()) ? PrimaryAction.Level.INFO : PrimaryAction.Level.WARN, remark);
		}
	}

	/**
	 * Take a copy.
	 * @param generation the generation
	 * @param training when it is trained, which can be before it counts as taken
	 * @param workers how many workers share the machine
	 */
	void take(int generation, ReloadTraining training, int workers) {
		boolean executed = execute(() -> {
			try {
				if (this.settings.copies()) {
					this.configurations.make(generation);
					this.copies.put(generation, this.source.take(generation));
				}
				if (training != ReloadTraining.OFF) {
					findTrained(generation);
				}
				CompletableFuture<?> ready = (training == ReloadTraining.BEFORE)
						? startTraining(generation, workers, TrainingUrgency.AWAITED)
						: CompletableFuture.completedFuture(null);
				ready.whenComplete((result, failure) -> this.events.accept(new PrimaryEvent.CodeCopied(generation)));
			}
			// whoever waits for the copy must hear of an error too
			catch (IOException | RuntimeException | Error ex) {
				this.events.accept(new PrimaryEvent.CopyFailed(generation, String.valueOf(ex.getMessage())));
			}
		});
		if (!executed) {
			this.events.accept(new PrimaryEvent.CopyFailed(generation, "no thread for it"));
		}
	}

	/**
	 * Train a generation whose copy was taken. Its workers that are forked afterwards
	 * gain by it.
	 * @param generation the generation
	 * @param workers how many workers share the machine
	 */
	void train(int generation, int workers) {
		boolean executed = execute(
				() -> startTraining(generation, workers, TrainingUrgency.BACKGROUND).whenComplete((result, failure) -> {
					if (failure == null) {
						this.events.accept(new PrimaryEvent.Trained(generation));
					}
				}));
		if (!executed) {
			this.events.accept(new PrimaryEvent.Trained(generation));
		}
	}

	/**
	 * End the training that was begun.
	 * @param generation the generation
	 */
	void stopTraining(int generation) {
		// Behind its begin
		execute(() -> this.trainings.cancel(generation));
	}

	/**
	 * Find what workers of a generation run, and make what somebody has deleted of it
	 * anew.
	 * @param generation the generation
	 * @return its copy, or {@code null} if copies are turned off
	 * @throws IOException if something is gone for good
	 */
	@Nullable CodeCopy find(int generation) throws IOException {
		CodeCopy copy = this.copies.get(generation);
		if (copy == null) {
			return null;
		}
		TrainedCode faster = this.trained.get(generation);
		if (faster != null && faster.isIntact()) {
			return faster.copy();
		}
		try {
			CodeCopy restored = this.source.restore(generation, copy);
			this.copies.replace(generation, copy, restored);
			return restored;
		}
		catch (IOException ex) {
			if (this.remarks.add(String.valueOf(ex.getMessage()))) {
				this.log.error("No worker of generation %d can start: %s".formatted(generation, ex.getMessage()));
			}
			throw ex;
		}
	}

	/**
	 * Make the directory for what else belongs to a generation.
	 * @param generation the generation
	 * @return the directory
	 * @throws IOException if it cannot be made
	 */
	Path makeDirectory(int generation) throws IOException {
		return this.source.makeDirectory(generation);
	}

	void discard(int generation) {
		execute(() -> {
			this.copies.remove(generation);
			this.trainings.cancel(generation).whenComplete((result, failure) -> execute(() -> {
				closeTrained(generation);
				this.source.discard(generation);
			}));
		});
	}

	/**
	 * End what goes on in the background, and delete what workers ran.
	 */
	@Override
	public void close() {
		this.trainings.close();
		List.copyOf(this.trained.keySet()).forEach(this::closeTrained);
		this.source.discardAll();
	}

	private boolean execute(Runnable task) {
		try {
			this.executor.execute(task);
			return true;
		}
		catch (OutOfMemoryError ex) {
			// there can be no thread now, which must not end the thread that asks
			return false;
		}
	}

	private void findTrained(int generation) {
		CodeCopy copy = this.copies.get(generation);
		if (copy == null) {
			return;
		}
		try {
			TrainedCode found = this.trainings.find(generation, copy, trainingDirectory(generation));
			if (found != null) {
				this.trained.put(generation, found);
			}
		}
		catch (IOException ex) {
			this.trainings.skip(generation, ex.toString());
		}
	}

	private Path trainingDirectory(int generation) throws IOException {
		return this.source.makeDirectory(generation).resolve("training");
	}

	private CompletableFuture<?> startTraining(int generation, int workers, TrainingUrgency urgency) {
		CodeCopy copy = this.copies.get(generation);
		if (!this.settings.copies()) {
			this.trainings.skip(generation, "cluster.staging.enabled is false");
		}
		if (copy == null || this.trained.containsKey(generation)) {
			return CompletableFuture.completedFuture(null);
		}
		try {
			return this.trainings.start(generation, copy, trainingDirectory(generation), workers, urgency)
				.thenAccept((faster) -> {
					if (faster != null) {
						this.trained.put(generation, faster);
						if (!this.copies.containsKey(generation)) {
							// It was discarded meanwhile
							closeTrained(generation);
						}
					}
				});
		}
		catch (IOException ex) {
			this.trainings.skip(generation, ex.toString());
			return CompletableFuture.completedFuture(null);
		}
	}

	private void closeTrained(int generation) {
		TrainedCode trained = this.trained.remove(generation);
		if (trained != null) {
			trained.close();
		}
	}

}
