package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.clusterboot.code.StagingDirectory;
import org.jspecify.annotations.Nullable;

/**
 * What trainings have left, by what it was made of. All clusters of this user share it,
 * and it outlives them; where that is not safe or not possible it is this cluster's own.
 * May be used by several threads.
 */
public final class ArchiveCache {

	private static final Pattern NAME = Pattern.compile("\\p{XDigit}{64}");

	private static final int ENTRIES = 4;

	private static final long SIZE = 2_000_000_000;

	private final Map<String, String> environment;

	private final StagingDirectory staging;

	private final Consumer<String> remarks;

	private boolean unsafe;

	/**
	 * Create the cache.
	 * @param environment the environment variables, which say where it is
	 * @param staging where it is if that is no place for it
	 * @param remarks told what the user could want to mend
	 */
	public ArchiveCache(Map<String, String> environment, StagingDirectory staging, Consumer<String> remarks) {
		this.environment = Map.copyOf(environment);
		this.staging = staging;
		this.remarks = remarks;
	}

	/**
	 * Find the directory, or make it.
	 * @return the directory
	 * @throws IOException if there can be none
	 */
	synchronized Path directory() throws IOException {
		Path shared = (this.unsafe) ? null : makeShared();
		return (shared != null) ? shared : this.staging.makeDirectory("cache");
	}

	private @Nullable Path makeShared() {
		try {
			return CacheDirectory.make(this.environment);
		}
		catch (IOException ex) {
			this.unsafe = true;
			this.remarks
				.accept("What makes starts faster is not kept for the next start of the cluster: " + ex.getMessage());
			return null;
		}
	}

	/**
	 * Find an entry that is whole.
	 * @param key what it is made of
	 * @return the entry or {@code null} if there is none
	 * @throws IOException if there is no directory for it
	 */
	@Nullable CacheEntry find(String key) throws IOException {
		Path path = directory().resolve(key);
		try {
			return CacheEntry.find(path);
		}
		catch (IOException ex) {
			this.remarks.accept("%s is not used and made anew: %s".formatted(path, ex.getMessage()));
			return null;
		}
	}

	/**
	 * Begin an entry.
	 * @param key what it will be made of
	 * @return the entry, or {@code null} if somebody else makes it
	 * @throws IOException if it cannot be made
	 */
	@Nullable CacheEntry create(String key) throws IOException {
		return CacheEntry.create(directory().resolve(key));
	}

	/**
	 * Delete entries that were not used for the longest time, if there are too many, and
	 * what was never made whole.
	 * @throws IOException if that is not possible
	 */
	void tidy() throws IOException {
		tidy(ENTRIES, SIZE);
	}

	void tidy(int entries, long size) throws IOException {
		List<Found> all = new ArrayList<>();
		try (Stream<Path> files = Files.list(directory())) {
			for (Path file : files.filter((file) -> NAME.matcher(file.getFileName().toString()).matches()).toList()) {
				all.add(look(file, size));
			}
		}
		all.sort(Comparator.comparing(Found::used).reversed());
		long together = 0;
		for (int i = 0; i < all.size(); i++) {
			together += all.get(i).size();
			if (i >= entries || together > size) {
				delete(all.get(i).path());
			}
		}
	}

	private static Found look(Path entry, long size) {
		try {
			EntryManifest manifest = EntryManifest.read(entry);
			if (manifest != null) {
				return new Found(entry, manifest.used(), manifest.size());
			}
		}
		catch (IOException | RuntimeException ex) {
			// of no use to anybody
		}
		return new Found(entry, Instant.EPOCH, size + 1);
	}

	private static void delete(Path entry) {
		try {
			CacheEntry.delete(entry);
		}
		catch (IOException ex) {
			// somebody else's, or the next one who tidies up
		}
	}

	private record Found(Path path, Instant used, long size) {

	}

}
