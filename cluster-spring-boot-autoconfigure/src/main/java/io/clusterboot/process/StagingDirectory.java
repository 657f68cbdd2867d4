package io.clusterboot.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A directory of one cluster's own, for nobody else's eyes, that lives as long as its
 * primary.
 */
public final class StagingDirectory {

	private static final String PREFIX = "cluster-spring-boot-";

	private final Path path;

	private StagingDirectory(Path path) {
		this.path = path;
	}

	/**
	 * Create a directory with mode 0700.
	 * @param parent where to create it; made if it does not exist
	 * @return the directory
	 * @throws IOException if it cannot be created
	 */
	public static StagingDirectory create(Path parent) throws IOException {
		Files.createDirectories(parent);
		return new StagingDirectory(Files.createTempDirectory(parent.toAbsolutePath(), PREFIX,
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
	}

	public static StagingDirectory of(Path path) {
		return new StagingDirectory(path);
	}

	public Path path() {
		return this.path;
	}

	/**
	 * Store a file.
	 * @param name its name
	 * @param content its content, which is not closed
	 * @return where it is
	 * @throws IOException if it cannot be written
	 */
	public Path store(String name, InputStream content) throws IOException {
		Path file = this.path.resolve(name);
		Files.createDirectories(file.getParent());
		Files.copy(content, file);
		return file;
	}

	/**
	 * Delete the directory and everything in it, as far as possible.
	 */
	public void delete() {
		try {
			Files.walkFileTree(this.path, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
					Files.deleteIfExists(file);
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult visitFileFailed(Path file, IOException failure) {
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult postVisitDirectory(Path directory, IOException failure) throws IOException {
					Files.deleteIfExists(directory);
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			// somebody else writes into it; the next start tidies up
		}
	}

}
