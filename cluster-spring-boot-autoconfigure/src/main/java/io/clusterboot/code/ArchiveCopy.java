package io.clusterboot.code;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

import io.clusterboot.posix.HeldFile;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an archive that workers run. It is kept open, so that it can be made anew
 * when somebody has deleted it, and nobody takes it for abandoned.
 */
final class ArchiveCopy implements AutoCloseable {

	private final Path path;

	private final PosixFileAttributes attributes;

	private final HeldFile held;

	private final @Nullable Object key;

	private ArchiveCopy(Path path, PosixFileAttributes attributes, HeldFile held) throws IOException {
		this.path = path;
		this.attributes = attributes;
		this.held = held;
		this.key = key(path);
	}

	/**
	 * Create a file for a copy, for nobody but this user.
	 * @param path the file
	 * @throws IOException if there is such a file, or it cannot be created
	 */
	static void create(Path path) throws IOException {
		FileChannel
			.open(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
					PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
			.close();
	}

	/**
	 * Copy an archive.
	 * @param original the archive
	 * @param path a file that was created for it, and is deleted if this fails
	 * @return the copy
	 * @throws IOException if there is no room for it, or the original is being written or
	 * not complete
	 */
	static ArchiveCopy fill(Path original, Path path) throws IOException {
		HeldFile held = HeldFile.hold(path);
		try {
			PosixFileAttributes attributes = Files.readAttributes(original, PosixFileAttributes.class);
			write(original, path, attributes.lastModifiedTime());
			if (Files.size(original) != Files.size(path)
					|| !Files.getLastModifiedTime(original).equals(attributes.lastModifiedTime())) {
				throw new IOException("%s is being written".formatted(original));
			}
			ApplicationArchive.check(path, original);
			return new ArchiveCopy(path, attributes, held);
		}
		catch (IOException ex) {
			held.close();
			Files.deleteIfExists(path);
			throw ex;
		}
	}

	// Shares its blocks with the original where file system and JDK can do that
	private static void write(Path original, Path path, FileTime modified) throws IOException {
		try (FileChannel from = FileChannel.open(original);
				FileChannel to = FileChannel.open(path, StandardOpenOption.WRITE)) {
			long size = from.size();
			for (long position = 0; position < size;) {
				long count = from.transferTo(position, size - position, to);
				if (count <= 0) {
					break;
				}
				position += count;
			}
		}
		// What is served from it tells clients how old it is
		Files.setLastModifiedTime(path, modified);
	}

	private static @Nullable Object key(Path path) throws IOException {
		return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
	}

	Path path() {
		return this.path;
	}

	/**
	 * Give the copy to whom the original belongs.
	 * @throws IOException if that is not possible
	 */
	void passOn() throws IOException {
		PosixFileAttributeView view = Files.getFileAttributeView(this.path, PosixFileAttributeView.class);
		view.setOwner(this.attributes.owner());
		view.setGroup(this.attributes.group());
		view.setPermissions(this.attributes.permissions());
	}

	/**
	 * Return whether the copy is still there, and no other file in its place.
	 * @return whether workers can run it
	 */
	boolean isIntact() {
		try {
			return Objects.equals(this.key, key(this.path));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Make the copy anew.
	 * @param path where, which may be another place than before
	 * @return the new copy, which replaces this one
	 * @throws IOException if it cannot be made
	 */
	ArchiveCopy restore(Path path) throws IOException {
		try {
			create(path);
		}
		catch (FileAlreadyExistsException ex) {
			// Deleted and made by somebody who has no business here
			Files.delete(path);
			create(path);
		}
		write(this.held.content(), path, this.attributes.lastModifiedTime());
		ArchiveCopy restored = new ArchiveCopy(path, this.attributes, HeldFile.hold(path));
		this.held.close();
		return restored;
	}

	/**
	 * Delete the copy, if it is still that.
	 */
	@Override
	public void close() {
		try {
			if (isIntact()) {
				Files.deleteIfExists(this.path);
			}
		}
		catch (IOException ex) {
			// somebody else deletes it, or the next start
		}
		this.held.close();
	}

}
