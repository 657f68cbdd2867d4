package io.clusterboot.primary;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.code.training.ArchiveCache;
import io.clusterboot.code.training.TrainedCode;
import io.clusterboot.code.training.Training;
import io.clusterboot.code.training.TrainingResult;
import io.clusterboot.code.training.TrainingUrgency;
import io.clusterboot.command.WorkerCommand;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.output.PrimaryLog;
import org.jspecify.annotations.Nullable;

/**
 * Trains generations, each on a thread of its own so that none waits for another, and
 * says in the log what has come of it. A failure costs nothing but the gain.
 */
final class Trainings {

	private static final Set<String> REMOVED_VARIABLES = removedVariables();

	private static final Duration END = Duration.ofSeconds(2);

	private final WorkerCommand command;

	private final ArchiveCache cache;

	private final PrimaryLog log;

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "cluster-training");
		thread.setDaemon(true);
		return thread;
	});

	private final Map<Integer, Running> started = new HashMap<>();

	private @Nullable String lastReason;

	private boolean closed;

	Trainings(WorkerCommand command, ArchiveCache cache, PrimaryLog log) {
		this.command = command;
		this.cache = cache;
		this.log = log;
	}

	/**
	 * Find what an earlier training has left, so that none is needed.
	 * @param generation the generation
	 * @param copy what it was made of
	 * @param directory where files go, in one that exists
	 * @return what its workers run, or {@code null} if there is nothing
	 */
	@Nullable TrainedCode find(int generation, CodeCopy copy, Path directory) {
		try {
			Training training = training(copy, directory, 1, TrainingUrgency.AWAITED);
			TrainedCode found = (training.reasonAgainst() == null) ? training.find() : null;
			if (found != null) {
				this.log.info(
						"Generation %d uses %s that is there: %s".formatted(generation, found.archive(), size(found)));
			}
			return found;
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			this.log.warn("Generation %d starts as usual, the archive that is there cannot be used: %s"
				.formatted(generation, ex.getMessage()));
			return null;
		}
	}

	/**
	 * Train a generation.
	 * @param generation the generation
	 * @param copy what it was made of
	 * @param directory where files go, in one that exists
	 * @param workers how many workers share the machine
	 * @param urgency whether somebody waits for it
	 * @return what its workers run instead, or {@code null} if what they have must do;
	 * fails if it was cancelled
	 */
	synchronized CompletableFuture<@Nullable TrainedCode> start(int generation, CodeCopy copy, Path directory,
			int workers, TrainingUrgency urgency) {
		Running before = this.started.get(generation);
		CompletableFuture<?> free = (before != null) ? before.end() : CompletableFuture.completedFuture(null);
		if (this.closed) {
			return CompletableFuture.completedFuture(null);
		}
		Training training = training(copy, directory, workers, urgency);
		CompletableFuture<@Nullable TrainedCode> end = free.handleAsync((result, failure) -> run(generation, training),
				this.executor);
		Running running = new Running(training, end);
		this.started.put(generation, running);
		end.whenComplete((result, failure) -> ended(generation, running));
		return end;
	}

	private synchronized void ended(int generation, Running running) {
		this.started.remove(generation, running);
	}

	private Training training(CodeCopy copy, Path directory, int workers, TrainingUrgency urgency) {
		return new Training(this.command, workers, copy, this.cache, directory, REMOVED_VARIABLES, urgency);
	}

	/**
	 * Say why a generation is not trained, unless that was said of the one before.
	 * @param generation the generation
	 * @param reason the reason
	 */
	synchronized void skip(int generation, String reason) {
		if (!reason.equals(this.lastReason)) {
			this.log.info("Generation %d is not trained for faster starts: %s".formatted(generation, reason));
			this.lastReason = reason;
		}
	}

	/**
	 * End the training of a generation, if there is one.
	 * @param generation the generation
	 * @return done when nothing more is written
	 */
	synchronized CompletableFuture<?> cancel(int generation) {
		Running running = this.started.get(generation);
		if (running == null) {
			return CompletableFuture.completedFuture(null);
		}
		running.training().cancel();
		return running.end();
	}

	/**
	 * End all trainings and begin none.
	 */
	void close() {
		synchronized (this) {
			this.closed = true;
			this.started.values().forEach((running) -> running.training().cancel());
		}
		this.executor.shutdown();
		try {
			this.executor.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private @Nullable TrainedCode run(int generation, Training training) {
		long start = System.nanoTime();
		TrainingResult result;
		try {
			String reason = training.reasonAgainst();
			if (reason != null) {
				skip(generation, reason);
				return null;
			}
			result = training.run();
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			result = TrainingResult.failed(ex.toString());
		}
		if (training.isStopped() && result.code() == null) {
			throw new CancellationException();
		}
		if (result.code() != null || !training.isCancelled()) {
			say(generation, result, Duration.ofNanos(System.nanoTime() - start));
		}
		return result.code();
	}

	private void say(int generation, TrainingResult result, Duration duration) {
		TrainedCode code = result.code();
		if (result.refusal() != null) {
			skip(generation, result.refusal());
		}
		else if (code != null && result.worth() == null) {
			this.log.info("Generation %d uses %s that another cluster has made: %s".formatted(generation,
					code.archive(), size(code)));
		}
		else if (code != null) {
			this.log.info("Generation %d has %s: %s after %s s%s; %s; workers that start from now on use it".formatted(
					generation, code.archive(), size(code),
					String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1e3),
					(result.priority() != null) ? " at " + result.priority() : "", result.worth()));
		}
		else if (result.failure() != null) {
			this.log.warn("Generation %d has no archive for faster starts, its workers start as usual: %s"
				.formatted(generation, result.failure()));
		}
	}

	private static String size(TrainedCode code) {
		return "%d MB".formatted(Math.round(code.size() / 1e6));
	}

	private static Set<String> removedVariables() {
		Set<String> names = new HashSet<>(WorkerIdentity.NAMES);
		names.add("CLUSTER_WORKERS");
		names.add(PrimaryCommand.SUSPEND_SIGNAL);
		return Set.copyOf(names);
	}

	private record Running(Training training, CompletableFuture<@Nullable TrainedCode> end) {

	}

}
