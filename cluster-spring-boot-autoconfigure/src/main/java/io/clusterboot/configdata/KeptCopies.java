package io.clusterboot.configdata;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.util.FileSystemUtils;

/**
 * The copies of what was found, for their owner only, each under the path that the user
 * knows.
 */
final class KeptCopies {

	private static final Path ROOT = Path.of("/");

	private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private static final FileAttribute<Set<PosixFilePermission>> FILE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private static final String FILES = "file";

	private final Path directory;

	KeptCopies(Path directory) {
		this.directory = directory;
	}

	/**
	 * Return where the copy of something is.
	 * @param place a path, or a location of a resource or config tree
	 * @return the path of the copy
	 */
	Path of(String place) {
		int colon = place.indexOf(':');
		Path directory = this.directory.resolve((place.startsWith("/")) ? FILES : place.substring(0, colon));
		Path path = ROOT.resolve((place.startsWith("/")) ? place : place.substring(colon + 1)).normalize();
		return directory.resolve(ROOT.relativize(path));
	}

	void write(Found found, Path copy) throws IOException {
		if (found.kind() == KeptKind.DIRECTORY) {
			Files.createDirectories(copy, DIRECTORY);
		}
		for (Map.Entry<Path, byte[]> file : found.files().entrySet()) {
			Path target = copy.resolve(file.getKey());
			Files.createDirectories(target.getParent(), DIRECTORY);
			write(file.getValue(), target);
		}
	}

	@Nullable KeptIndex readIndex() throws IOException {
		return (Files.exists(index())) ? KeptIndex.of(Files.readAllBytes(index())) : null;
	}

	/**
	 * Check that nobody has deleted what is kept.
	 * @param index what is kept
	 * @throws IOException if a copy is gone
	 */
	void require(KeptIndex index) throws IOException {
		for (String file : index.places(KeptKind.FILE)) {
			if (!Files.exists(of(file))) {
				throw new NoSuchFileException(of(file).toString());
			}
		}
	}

	void writeIndex(KeptIndex index) throws IOException {
		write(index.toBytes(), index());
	}

	private Path index() {
		return this.directory.resolve("index");
	}

	// Whoever reads sees all or nothing
	private void write(byte[] content, Path file) throws IOException {
		Path unfinished = Files.createTempFile(this.directory, "unfinished-", null, FILE);
		Files.write(unfinished, content);
		Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
	}

	void clear() throws IOException {
		for (String kind : List.of(FILES, "classpath", "configtree")) {
			FileSystemUtils.deleteRecursively(this.directory.resolve(kind));
		}
	}

	/**
	 * Wait until nobody else has the lock. It ends with the process, if not before.
	 * @return the lock, to be closed
	 * @throws IOException if it cannot be had
	 */
	FileChannel lock() throws IOException {
		FileChannel channel = FileChannel.open(this.directory.resolve("lock"),
				Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), FILE);
		try {
			channel.lock();
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

}
