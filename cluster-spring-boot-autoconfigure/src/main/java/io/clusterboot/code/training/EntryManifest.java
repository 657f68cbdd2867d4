package io.clusterboot.code.training;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

import org.jspecify.annotations.Nullable;

/**
 * The list of all files of an entry, written last: an entry without it is not whole.
 */
final class EntryManifest {

	private static final String NAME = "manifest";

	private final Path directory;

	private final List<String> lines;

	private EntryManifest(Path directory, List<String> lines) {
		this.directory = directory;
		this.lines = List.copyOf(lines);
	}

	/**
	 * Write the manifest of an entry.
	 * @param directory the entry
	 * @throws IOException if a file cannot be read or the manifest not be written
	 */
	static void write(Path directory) throws IOException {
		List<String> lines = describe(directory, true);
		Path unfinished = Files.write(directory.resolve(NAME + ".tmp"), lines);
		Files.move(unfinished, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
	}

	/**
	 * Read the manifest of an entry.
	 * @param directory the entry
	 * @return the manifest or {@code null} if there is none
	 * @throws IOException if it cannot be read
	 */
	static @Nullable EntryManifest read(Path directory) throws IOException {
		Path file = directory.resolve(NAME);
		return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
				? new EntryManifest(directory, Files.readAllLines(file)) : null;
	}

	/**
	 * Check that everything is as it was.
	 * @throws IOException if a file was changed, removed or added, or could have been by
	 * somebody else
	 */
	void check() throws IOException {
		List<String> found = describe(this.directory, false);
		if (!found.equals(this.lines)) {
			String differs = Stream.concat(this.lines.stream(), found.stream())
				.filter((line) -> !this.lines.contains(line) || !found.contains(line))
				.findFirst()
				.orElse("");
			throw new IOException("'%s' is not as it was".formatted(differs.substring(differs.lastIndexOf('/') + 1)));
		}
	}

	/**
	 * Remember that the entry was used.
	 * @throws IOException if that is not possible
	 */
	void use() throws IOException {
		Files.setLastModifiedTime(this.directory.resolve(NAME), FileTime.from(Instant.now()));
	}

	Instant used() throws IOException {
		return Files.getLastModifiedTime(this.directory.resolve(NAME)).toInstant();
	}

	/**
	 * Return the size of all files together.
	 * @return the size in bytes
	 */
	long size() {
		return this.lines.stream().mapToLong((line) -> Long.parseLong(line.split(" ")[1])).sum();
	}

	private static List<String> describe(Path directory, boolean makePrivate) throws IOException {
		try {
			return describeAll(directory, makePrivate);
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	private static List<String> describeAll(Path directory, boolean makePrivate) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			List<String> lines = new ArrayList<>();
			for (Path file : files.sorted().toList()) {
				String name = directory.relativize(file).toString();
				if (name.isEmpty() || name.equals(NAME) || name.startsWith(NAME + ".")) {
					continue;
				}
				if (makePrivate) {
					Files.setPosixFilePermissions(file,
							PosixFilePermissions.fromString(Files.isDirectory(file) ? "rwx------" : "rw-------"));
				}
				CacheDirectory.requireOnlyOurs(file);
				BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class,
						LinkOption.NOFOLLOW_LINKS);
				if (found.isRegularFile()) {
					lines.add("%08x %d %d /%s".formatted(checksum(file), found.size(),
							found.lastModifiedTime().toMillis(), name));
				}
				else if (!found.isDirectory()) {
					throw new IOException("'%s' is no file".formatted(name));
				}
			}
			return lines;
		}
	}

	private static long checksum(Path file) throws IOException {
		CRC32 checksum = new CRC32();
		try (InputStream content = new CheckedInputStream(Files.newInputStream(file), checksum)) {
			content.transferTo(OutputStream.nullOutputStream());
		}
		return checksum.getValue();
	}

}
