package io.clusterboot.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The copies that the workers of each generation run. They lie hidden beside what they
 * are copies of, so that an application finds its home, its files and the relative class
 * path of its manifest where they are without a cluster. Where that directory cannot be
 * written to they lie in the cluster's own, which is said.
 */
final class GenerationCopies {

	private final StagingDirectory staging;

	private final boolean beside;

	private final Consumer<String> remarks;

	private final Map<Integer, List<ArchiveCopy>> copies = new ConcurrentHashMap<>();

	GenerationCopies(StagingDirectory staging, boolean beside, Consumer<String> remarks) {
		this.staging = staging;
		this.beside = beside;
		this.remarks = remarks;
	}

	/**
	 * Make the directory for whatever else belongs to a generation.
	 * @param generation the generation
	 * @return the directory
	 * @throws IOException if it cannot be made, or somebody else has put something in its
	 * place
	 */
	Path directory(int generation) throws IOException {
		Path directory = this.staging.makeGeneration(generation);
		if (this.staging.isPassable()) {
			StagingDirectory.of(directory).makePassable();
		}
		return directory;
	}

	/**
	 * Copy an archive.
	 * @param generation the generation
	 * @param original the archive
	 * @return what workers are to run: the copy, or the original where a copy could not
	 * do
	 * @throws IOException if the archive is being written or not complete, or there is no
	 * room
	 */
	Path copy(int generation, Path original) throws IOException {
		Path path = (this.beside) ? createBeside(generation, original) : null;
		if (path == null && ApplicationArchive.hasClassPath(original)) {
			this.remarks.accept(("Workers read %1$s itself: it has a Class-Path that a copy in %2$s could not follow, "
					+ "and %3$s. Never overwrite it while the cluster runs, move another one in its place")
				.formatted(original, this.staging.path(), reason(original)));
			return original;
		}
		if (path == null) {
			path = directory(generation).resolve(original.getFileName());
			ArchiveCopy.create(path);
			this.remarks.accept(
					"Workers run a copy of %1$s in %2$s, because %3$s. What looks for files beside its own jar, as Spring Boot's ApplicationHome does, looks there"
						.formatted(original, this.staging.path(), reason(original)));
		}
		return keep(generation, ArchiveCopy.fill(original, path)).path();
	}

	private String reason(Path original) {
		return (this.beside) ? "%s cannot be written to".formatted(original.getParent())
				: "cluster.staging.directory is set";
	}

	private @Nullable Path createBeside(int generation, Path original) {
		try {
			HiddenFiles.deleteAbandoned(original);
			Path path = HiddenFiles.copy(original, this.staging.cluster(), generation);
			ArchiveCopy.create(path);
			return path;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private ArchiveCopy keep(int generation, ArchiveCopy copy) throws IOException {
		this.copies.computeIfAbsent(generation, (key) -> new CopyOnWriteArrayList<>()).add(copy);
		if (this.staging.isPassable()) {
			copy.passOn();
		}
		return copy;
	}

	/**
	 * Make those copies anew that somebody has deleted or replaced.
	 * @param generation the generation
	 * @param code what workers of the generation run
	 * @return what they run from now on
	 * @throws IOException if a copy cannot be made anew
	 */
	CodeCopy restore(int generation, CodeCopy code) throws IOException {
		CodeCopy restored = code;
		for (ArchiveCopy copy : this.copies.getOrDefault(generation, List.of())) {
			if (!copy.isIntact()) {
				restored = restored.replace(copy.path().toString(), restore(generation, copy).toString());
			}
		}
		return restored;
	}

	private Path restore(int generation, ArchiveCopy copy) throws IOException {
		try {
			Path path = copy.path();
			if (path.startsWith(this.staging.path()) || !Files.isWritable(path.getParent())) {
				path = directory(generation).resolve(path.getFileName());
			}
			ArchiveCopy restored = copy.restore(path);
			this.copies.get(generation).remove(copy);
			keep(generation, restored);
			this.remarks.accept("The copy %s, which generation %d runs, was gone and was made anew: %s"
				.formatted(copy.path(), generation, path));
			return path;
		}
		catch (IOException ex) {
			throw new IOException("the copy %s, which generation %d runs, is gone and cannot be made anew (%s): reload"
				.formatted(copy.path(), generation, ex), ex);
		}
	}

	/**
	 * Delete what belongs to a generation that nobody needs any more.
	 * @param generation the generation
	 */
	void discard(int generation) {
		List<ArchiveCopy> copies = this.copies.remove(generation);
		if (copies != null) {
			copies.forEach(ArchiveCopy::close);
		}
		StagingDirectory.of(this.staging.generation(generation)).delete();
	}

	void discardAll() {
		List.copyOf(this.copies.keySet()).forEach(this::discard);
	}

}
