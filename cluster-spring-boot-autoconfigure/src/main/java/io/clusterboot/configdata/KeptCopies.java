package io.clusterboot.configdata;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
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

	private final Path directory;

	KeptCopies(Path directory) {
		this.directory = directory;
	}

	Path file(Path path) {
		return copy("files", path);
	}

	Path tree(Path path) {
		return copy("trees", path);
	}

	Path classPathResource(String name) {
		return copy("classpath", ROOT.resolve(name).normalize());
	}

	private Path copy(String place, Path path) {
		return this.directory.resolve(place).resolve(ROOT.relativize(path));
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
		for (String place : new String[] { "files", "trees", "classpath" }) {
			FileSystemUtils.deleteRecursively(this.directory.resolve(place));
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
