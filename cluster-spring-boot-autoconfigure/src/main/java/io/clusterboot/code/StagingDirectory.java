package io.clusterboot.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.clusterboot.posix.DirectoryLock;
import org.jspecify.annotations.Nullable;

/**
 * A directory of one cluster's own, for nobody else's eyes, that lives as long as its
 * primary.
 */
public final class StagingDirectory {

	private static final String PREFIX = "cluster-spring-boot-";

	private static final String UID = "unix:uid";

	private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

	private static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER = PosixFilePermissions
		.asFileAttribute(PRIVATE);

	private static final Set<PosixFilePermission> PASSABLE = PosixFilePermissions.fromString("rwx--x--x");

	// A launcher creates a directory a moment before its primary locks it
	private static final Duration YOUTH = Duration.ofMinutes(1);

	private final Path path;

	private Set<PosixFilePermission> permissions;

	private @Nullable DirectoryLock lock;

	private StagingDirectory(Path path, Set<PosixFilePermission> permissions) {
		this.path = path;
		this.permissions = permissions;
	}

	/**
	 * Create a directory with mode 0700.
	 * @param parent where to create it; made if it does not exist
	 * @return the directory
	 * @throws IOException if it cannot be created
	 */
	public static StagingDirectory create(Path parent) throws IOException {
		Files.createDirectories(parent);
		return new StagingDirectory(Files.createTempDirectory(parent.toAbsolutePath(), PREFIX, FOR_OWNER), PRIVATE);
	}

	/**
	 * Let other users into the directory, but only to what they know the name of and may
	 * read.
	 * @throws IOException if that is not possible
	 */
	public void makePassable() throws IOException {
		Files.setPosixFilePermissions(this.path, PASSABLE);
		this.permissions = PASSABLE;
	}

	boolean isPassable() {
		return this.permissions.equals(PASSABLE);
	}

	/**
	 * Return what tells the cluster from others that live at the same time.
	 * @return a number
	 */
	String cluster() {
		String name = this.path.getFileName().toString();
		return name.substring(name.lastIndexOf('-') + 1);
	}

	/**
	 * Delete the directories of clusters whose primary was killed.
	 * @param parent where the directories are
	 * @throws IOException if the parent cannot be read
	 */
	public static void deleteAbandoned(Path parent) throws IOException {
		if (!Files.isDirectory(parent)) {
			return;
		}
		try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, PREFIX + "*")) {
			deleteAbandoned(directories);
		}
	}

	static void deleteAbandoned(Iterable<Path> directories) throws IOException {
		Instant young = Instant.now().minus(YOUTH);
		for (Path directory : directories) {
			try {
				StagingDirectory staging = new StagingDirectory(directory, PRIVATE);
				if (staging.isOurs() && staging.isOlderThan(young) && staging.isAbandoned()) {
					staging.delete();
				}
			}
			catch (NoSuchFileException ex) {
				// another cluster that starts tidied it up
			}
		}
	}

	/**
	 * Say that the directory is in use, for as long as this process lives: to other
	 * clusters and to {@code systemd-tmpfiles}, which deletes what is old.
	 * @throws IOException if it cannot be locked
	 */
	public void lock() throws IOException {
		this.lock = DirectoryLock.tryShared(this.path);
		if (this.lock == null) {
			throw new IOException("%s is in use".formatted(this.path));
		}
	}

	// In a shared directory anybody can make one of that name
	private boolean isOurs() throws IOException {
		Map<String, Object> found = Files.readAttributes(this.path, UID + ",isDirectory", LinkOption.NOFOLLOW_LINKS);
		return Boolean.TRUE.equals(found.get("isDirectory"))
				&& Objects.equals(found.get("uid"), Files.getAttribute(Path.of("/proc/self"), UID));
	}

	private boolean isOlderThan(Instant time) throws IOException {
		return Files.getLastModifiedTime(this.path).toInstant().isBefore(time);
	}

	private boolean isAbandoned() {
		try (DirectoryLock free = DirectoryLock.tryExclusive(this.path)) {
			return free != null;
		}
		catch (IOException ex) {
			// nobody can tell, or it is gone
			return false;
		}
	}

	/**
	 * Find a directory that the launcher created.
	 * @param path its path
	 * @return the directory
	 */
	public static StagingDirectory of(Path path) {
		try {
			return new StagingDirectory(path,
					Files.getPosixFilePermissions(path).equals(PASSABLE) ? PASSABLE : PRIVATE);
		}
		catch (IOException ex) {
			return new StagingDirectory(path, PRIVATE);
		}
	}

	/**
	 * Make a directory in here, and this one anew where it was deleted.
	 * @param name its name
	 * @return the directory, which nobody else can write to
	 * @throws IOException if it cannot be made, or somebody else has put something in the
	 * place of this one
	 */
	public Path makeDirectory(String name) throws IOException {
		makeAnew();
		Path directory = this.path.resolve(name);
		if (!Files.isDirectory(directory)) {
			Files.createDirectory(directory, FOR_OWNER);
		}
		return directory;
	}

	private void makeAnew() throws IOException {
		try {
			Files.createDirectories(this.path.getParent());
			Files.createDirectory(this.path, FOR_OWNER);
		}
		catch (FileAlreadyExistsException ex) {
			if (!isOurs() || isWritableForOthers()) {
				throw new IOException(("%s is not the cluster's own directory any more: somebody has put another one "
						+ "in its place. Remove that, and reload")
					.formatted(this.path), ex);
			}
			return;
		}
		Files.setPosixFilePermissions(this.path, this.permissions);
		if (this.lock != null) {
			this.lock.close();
			lock();
		}
	}

	private boolean isWritableForOthers() throws IOException {
		Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(this.path);
		return permissions.contains(PosixFilePermission.GROUP_WRITE)
				|| permissions.contains(PosixFilePermission.OTHERS_WRITE);
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
	 * Return the directory for what belongs to a generation.
	 * @param generation the generation
	 * @return the directory, which does not exist before it is made
	 */
	Path generation(int generation) {
		return this.path.resolve(generationName(generation));
	}

	Path makeGeneration(int generation) throws IOException {
		return makeDirectory(generationName(generation));
	}

	private static String generationName(int generation) {
		return "generation-" + generation;
	}

	/**
	 * Delete the directory and everything in it, as far as possible.
	 */
	public void delete() {
		try {
			deleteContent();
			Files.deleteIfExists(this.path);
		}
		catch (IOException ex) {
			// somebody else writes into it; the next start tidies up
		}
	}

	/**
	 * Delete everything in the directory.
	 * @throws IOException if that is not possible, as when somebody else writes into it
	 */
	public void deleteContent() throws IOException {
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(this.path)) {
			delete((SecureDirectoryStream<Path>) entries);
		}
		catch (DirectoryIteratorException ex) {
			throw ex.getCause();
		}
	}

	// Never by path: workers that are another user may make a link of what was a
	// directory
	private static void delete(SecureDirectoryStream<Path> entries) throws IOException {
		for (Path entry : entries) {
			Path name = entry.getFileName();
			try {
				if (isDirectory(entries, name)) {
					try (SecureDirectoryStream<Path> below = entries.newDirectoryStream(name,
							LinkOption.NOFOLLOW_LINKS)) {
						delete(below);
					}
					entries.deleteDirectory(name);
				}
				else {
					entries.deleteFile(name);
				}
			}
			catch (NoSuchFileException ex) {
				// somebody else deletes it
			}
		}
	}

	private static boolean isDirectory(SecureDirectoryStream<Path> entries, Path name) throws IOException {
		return entries.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.readAttributes()
			.isDirectory();
	}

}
