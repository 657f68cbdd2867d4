package io.clusterboot.primary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import io.clusterboot.process.CodeSnapshot;
import io.clusterboot.process.CodeSource;
import io.clusterboot.process.ConfigurationDirectories;
import io.clusterboot.process.StagingDirectory;
import io.clusterboot.process.WorkerCommand;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of the generations that are in use. Copying takes its time, so a thread
 * of its own does it.
 */
final class Snapshots implements AutoCloseable {

	private final PrimarySettings settings;

	private final CodeSource source;

	private final ConfigurationDirectories configurations;

	private final Trainings trainings;

	private final Consumer<PrimaryEvent> events;

	private final Map<Integer, CodeSnapshot> snapshots = new ConcurrentHashMap<>();

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-snapshot");
		thread.setDaemon(true);
		return thread;
	});

	Snapshots(PrimarySettings settings, StagingDirectory staging, WorkerCommand command, Trainings trainings,
			Consumer<PrimaryEvent> events) {
		this.settings = settings;
		this.source = new CodeSource(settings.command(), Path.of(settings.workingDirectory()), staging);
		this.configurations = new ConfigurationDirectories(staging, command);
		this.trainings = trainings;
		this.events = events;
	}

	/**
	 * Take a snapshot.
	 * @param generation the generation
	 * @param train whether it is trained before it counts as taken
	 * @param workers how many workers share the machine
	 */
	void take(int generation, boolean train, int workers) {
		boolean executed = execute(() -> {
			try {
				if (this.settings.snapshots()) {
					this.configurations.make(generation);
					this.snapshots.put(generation, this.source.take(generation));
				}
				CompletableFuture<?> ready = (train) ? startTraining(generation, workers)
						: CompletableFuture.completedFuture(null);
				ready.whenComplete((result, failure) -> this.events.accept(new PrimaryEvent.SnapshotTaken(generation)));
			}
			// whoever waits for the snapshot must hear of an error too
			catch (IOException | RuntimeException | Error ex) {
				this.events.accept(new PrimaryEvent.SnapshotFailed(generation, String.valueOf(ex.getMessage())));
			}
		});
		if (!executed) {
			this.events.accept(new PrimaryEvent.SnapshotFailed(generation, "no thread for it"));
		}
	}

	/**
	 * Train a generation whose snapshot was taken. Its workers that are forked afterwards
	 * gain by it.
	 * @param generation the generation
	 * @param workers how many workers share the machine
	 */
	void train(int generation, int workers) {
		execute(() -> startTraining(generation, workers));
	}

	/**
	 * Find what workers of a generation run.
	 * @param generation the generation
	 * @return its snapshot, or {@code null} if snapshots are turned off
	 */
	@Nullable CodeSnapshot find(int generation) {
		return this.snapshots.get(generation);
	}

	void discard(int generation) {
		execute(() -> {
			this.snapshots.remove(generation);
			this.trainings.cancel(generation)
				.whenComplete((result, failure) -> execute(() -> this.source.discard(generation)));
		});
	}

	/**
	 * End what goes on in the background.
	 */
	@Override
	public void close() {
		this.trainings.close();
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

	private CompletableFuture<?> startTraining(int generation, int workers) {
		CodeSnapshot snapshot = this.snapshots.get(generation);
		if (!this.settings.snapshots()) {
			this.trainings.skip(generation, "cluster.staging.enabled is false");
		}
		if (snapshot == null) {
			return CompletableFuture.completedFuture(null);
		}
		try {
			return this.trainings
				.start(generation, snapshot, this.source.makeDirectory(generation).resolve("training"), workers)
				.thenAccept((faster) -> {
					if (faster != null) {
						this.snapshots.computeIfPresent(generation, (key, taken) -> faster);
					}
				});
		}
		catch (IOException ex) {
			this.trainings.skip(generation, ex.toString());
			return CompletableFuture.completedFuture(null);
		}
	}

}
