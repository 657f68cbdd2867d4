package io.clusterboot.primary;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import io.clusterboot.process.CodeSnapshot;
import io.clusterboot.process.CodeSource;
import io.clusterboot.process.StagingDirectory;
import org.jspecify.annotations.Nullable;

/**
 * The snapshots of the generations that are in use. Copying takes its time, so a thread
 * of its own does it.
 */
final class Snapshots {

	private final PrimarySettings settings;

	private final CodeSource source;

	private final Consumer<PrimaryEvent> events;

	private final Map<Integer, CodeSnapshot> snapshots = new ConcurrentHashMap<>();

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-snapshot");
		thread.setDaemon(true);
		return thread;
	});

	Snapshots(PrimarySettings settings, Consumer<PrimaryEvent> events) {
		this.settings = settings;
		this.source = new CodeSource(settings.command(), Path.of(settings.workingDirectory()),
				StagingDirectory.of(Path.of(settings.directory())));
		this.events = events;
	}

	void take(int generation) {
		this.executor.execute(() -> {
			try {
				if (this.settings.snapshots()) {
					this.snapshots.put(generation, this.source.take(generation));
				}
				this.events.accept(new PrimaryEvent.SnapshotTaken(generation));
			}
			catch (IOException | RuntimeException ex) {
				this.events.accept(new PrimaryEvent.SnapshotFailed(generation, String.valueOf(ex.getMessage())));
			}
		});
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
		this.snapshots.remove(generation);
		this.executor.execute(() -> this.source.discard(generation));
	}

}
