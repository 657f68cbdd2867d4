package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.stream.Stream;

import io.clusterboot.code.HiddenFiles;
import io.clusterboot.posix.HeldFile;
import org.jspecify.annotations.Nullable;

/**
 * The jar that is left when the libraries are taken out of a copy, in the place from
 * which workers run it. All generations and clusters that run the same share it, and the
 * last one deletes it.
 */
final class ExtractedJar implements AutoCloseable {

	private static final int ATTEMPTS = 10;

	private final Path path;

	private final @Nullable HeldFile held;

	private final long libraries;

	private ExtractedJar(Path path, @Nullable HeldFile held) throws IOException {
		this.path = path;
		this.held = held;
		this.libraries = count(HiddenFiles.librariesOf(path));
	}

	/**
	 * Put a jar where workers run it.
	 * @param made the jar, with its libraries beside it
	 * @param copy the copy that it was made of
	 * @param key what tells what the copy holds from anything else
	 * @return the jar: beside the copy if that is hidden beside its original, so that the
	 * application finds its files as before; else it runs where it was made
	 * @throws IOException if that is not possible
	 */
	static ExtractedJar put(Path made, Path copy, String key) throws IOException {
		if (!HiddenFiles.isHidden(copy)) {
			return new ExtractedJar(made, null);
		}
		Path place = HiddenFiles.extracted(copy, key);
		HeldFile held = hold(made, place, HiddenFiles.unfinished(copy));
		try {
			link(HiddenFiles.librariesOf(place), HiddenFiles.librariesOf(made));
			return new ExtractedJar(place, held);
		}
		catch (IOException ex) {
			held.close();
			throw ex;
		}
	}

	// Others may put and delete the same at the same time
	private static HeldFile hold(Path made, Path place, Path unfinished) throws IOException {
		for (int i = 0; i < ATTEMPTS; i++) {
			if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
				copy(made, place, unfinished);
			}
			if (Files.isRegularFile(place, LinkOption.NOFOLLOW_LINKS)) {
				CacheDirectory.requireOnlyOurs(place);
				HeldFile held = HeldFile.hold(place);
				if (Objects.equals(key(place), key(held.content())) && isSame(place, made)) {
					return held;
				}
				held.close();
				HiddenFiles.deleteExtracted(place);
			}
		}
		throw new IOException("%s is in the way".formatted(place));
	}

	private static void copy(Path made, Path place, Path unfinished) throws IOException {
		try {
			// The JVM wants the time too as it was
			Files.copy(made, unfinished, StandardCopyOption.COPY_ATTRIBUTES, StandardCopyOption.REPLACE_EXISTING);
			Files.createLink(place, unfinished);
		}
		catch (FileAlreadyExistsException ex) {
			// somebody else was faster
		}
		catch (FileSystemException | UnsupportedOperationException ex) {
			Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
		}
		finally {
			Files.deleteIfExists(unfinished);
		}
	}

	private static boolean isSame(Path place, Path made) throws IOException {
		return Files.getLastModifiedTime(place).toMillis() == Files.getLastModifiedTime(made).toMillis()
				&& Files.mismatch(place, made) == -1;
	}

	private static void link(Path link, Path target) throws IOException {
		if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
			return;
		}
		if (Files.isSymbolicLink(link)) {
			Files.delete(link);
		}
		try {
			Files.createSymbolicLink(link, target);
		}
		catch (FileAlreadyExistsException ex) {
			if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).equals(target)) {
				throw ex;
			}
		}
	}

	private static @Nullable Object key(Path file) {
		try {
			return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
		}
		catch (IOException ex) {
			return null;
		}
	}

	// Cleaners delete what is old, file by file
	private static long count(Path directory) throws IOException {
		try (Stream<Path> files = Files.list(directory)) {
			return files.count();
		}
	}

	Path path() {
		return this.path;
	}

	/**
	 * Return whether workers can run it: whether all of it is still there.
	 * @return whether it is
	 */
	boolean isIntact() {
		try {
			Object key = key(this.path);
			return key != null && (this.held == null || key.equals(key(this.held.content())))
					&& count(HiddenFiles.librariesOf(this.path)) == this.libraries;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		if (this.held != null) {
			this.held.close();
			HiddenFiles.deleteExtracted(this.path);
		}
	}

}
