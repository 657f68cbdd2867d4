package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

import io.clusterboot.code.StagingDirectory;
import io.clusterboot.posix.DirectoryLock;
import org.jspecify.annotations.Nullable;

/**
 * An extracted application and the archive that belongs to it, in a directory that nobody
 * deletes while it is locked. Whoever makes it has it for himself until it is whole; then
 * all share it.
 */
final class CacheEntry implements AutoCloseable {

	private final Path path;

	private final DirectoryLock lock;

	private boolean whole;

	private CacheEntry(Path path, DirectoryLock lock, boolean whole) {
		this.path = path;
		this.lock = lock;
		this.whole = whole;
	}

	/**
	 * Find an entry that is whole, and remember that it was used.
	 * @param path where it would be
	 * @return the entry or {@code null} if there is none
	 * @throws IOException if it is damaged or cannot be trusted
	 */
	static @Nullable CacheEntry find(Path path) throws IOException {
		DirectoryLock lock = lock(path, DirectoryLock::tryShared);
		if (lock == null) {
			return null;
		}
		try {
			EntryManifest manifest = EntryManifest.read(path);
			if (manifest != null) {
				manifest.check();
				manifest.use();
				DirectoryLock held = lock;
				lock = null;
				return new CacheEntry(path, held, true);
			}
			return null;
		}
		finally {
			if (lock != null) {
				lock.close();
			}
		}
	}

	/**
	 * Begin an entry, in the place of one that is not whole or of no use.
	 * @param path where
	 * @return the entry, which is empty, or {@code null} if somebody else makes or uses
	 * one there
	 * @throws IOException if it cannot be made
	 */
	static @Nullable CacheEntry create(Path path) throws IOException {
		try {
			Files.createDirectory(path,
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		}
		catch (FileAlreadyExistsException ex) {
			// its maker was killed, or it is damaged
		}
		DirectoryLock lock = lock(path, DirectoryLock::tryExclusive);
		if (lock == null) {
			return null;
		}
		StagingDirectory.of(path).deleteContent();
		return new CacheEntry(path, lock, false);
	}

	/**
	 * Delete an entry that nobody uses.
	 * @param path where it is
	 * @return whether it is gone
	 * @throws IOException if it cannot be locked
	 */
	static boolean delete(Path path) throws IOException {
		try (DirectoryLock lock = lock(path, DirectoryLock::tryExclusive)) {
			if (lock == null) {
				return false;
			}
			StagingDirectory.of(path).delete();
			return true;
		}
	}

	// Before it is locked, another one may have taken its place
	private static @Nullable DirectoryLock lock(Path path, Locking locking) throws IOException {
		try {
			Object before = key(path);
			CacheDirectory.requireOnlyOurs(path);
			DirectoryLock lock = locking.tryLock(path);
			if (lock == null || Objects.equals(before, key(path))) {
				return lock;
			}
			lock.close();
			return null;
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	private static @Nullable Object key(Path path) throws IOException {
		BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
		if (!found.isDirectory()) {
			throw new IOException("%s is no directory".formatted(path));
		}
		return found.fileKey();
	}

	Path path() {
		return this.path;
	}

	boolean isWhole() {
		return this.whole;
	}

	/**
	 * Return where the application is extracted to.
	 * @return a directory
	 */
	Path application() {
		return this.path.resolve("application");
	}

	/**
	 * Say that it is whole, and let others use it.
	 * @throws IOException if that is not possible
	 */
	void complete() throws IOException {
		EntryManifest.write(this.path);
		this.lock.share();
		this.whole = true;
	}

	/**
	 * Delete it if it is not whole, and let others delete it otherwise.
	 */
	@Override
	public void close() {
		if (!this.whole) {
			StagingDirectory.of(this.path).delete();
		}
		this.lock.close();
	}

	private interface Locking {

		@Nullable DirectoryLock tryLock(Path path) throws IOException;

	}

}
