package io.clusterboot.primary;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.clusterboot.code.CodeCopy;
import io.clusterboot.code.training.Training;
import io.clusterboot.code.training.TrainingResult;
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

	private final PrimaryLog log;

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "cluster-training");
		thread.setDaemon(true);
		return thread;
	});

	private final Map<Integer, Running> started = new HashMap<>();

	private @Nullable String lastReason;

	private boolean closed;

	Trainings(WorkerCommand command, PrimaryLog log) {
		this.command = command;
		this.log = log;
	}

	/**
	 * Train a generation, once.
	 * @param generation the generation
	 * @param copy what it was made of
	 * @param directory where files go, in one that exists
	 * @param workers how many workers share the machine
	 * @return the copy to use instead, or {@code null} if the one it has must do
	 */
	synchronized CompletableFuture<@Nullable CodeCopy> start(int generation, CodeCopy copy, Path directory,
			int workers) {
		Running before = this.started.get(generation);
		if (this.closed || before != null) {
			return (before != null) ? before.end() : CompletableFuture.completedFuture(null);
		}
		Training training = new Training(this.command, workers, copy, directory, REMOVED_VARIABLES);
		CompletableFuture<@Nullable CodeCopy> end = CompletableFuture.supplyAsync(() -> run(generation, training),
				this.executor);
		this.started.put(generation, new Running(training, end));
		return end;
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
	 * End the training of a generation that nobody needs any more.
	 * @param generation the generation
	 * @return done when nothing more is written
	 */
	synchronized CompletableFuture<?> cancel(int generation) {
		Running running = this.started.remove(generation);
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

	private @Nullable CodeCopy run(int generation, Training training) {
		long start = System.nanoTime();
		try {
			String reason = training.reasonAgainst();
			if (reason != null) {
				skip(generation, reason);
				return null;
			}
			TrainingResult result = training.run();
			if (!training.isCancelled()) {
				say(generation, result, Duration.ofNanos(System.nanoTime() - start));
			}
			return result.copy();
		}
		catch (IOException | InterruptedException | RuntimeException ex) {
			if (!training.isCancelled()) {
				say(generation, TrainingResult.failed(ex.toString()), Duration.ZERO);
			}
			return null;
		}
	}

	private void say(int generation, TrainingResult result, Duration duration) {
		if (result.refusal() != null) {
			skip(generation, result.refusal());
		}
		else if (result.archive() != null) {
			this.log.info("Generation %d has %s: %d MB after %s s; workers that start from now on use it".formatted(
					generation, result.archive(), Math.round(result.size() / 1e6),
					String.format(Locale.ROOT, "%.1f", duration.toMillis() / 1e3)));
		}
		else if (result.failure() != null) {
			this.log.warn("Generation %d has no archive for faster starts, %s: %s".formatted(generation,
					(result.copy() != null) ? "only its jar is extracted" : "its workers start as usual",
					result.failure()));
		}
	}

	private static Set<String> removedVariables() {
		Set<String> names = new HashSet<>(WorkerIdentity.NAMES);
		names.add("CLUSTER_WORKERS");
		names.add(PrimaryCommand.SUSPEND_SIGNAL);
		return Set.copyOf(names);
	}

	private record Running(Training training, CompletableFuture<@Nullable CodeCopy> end) {

	}

}
