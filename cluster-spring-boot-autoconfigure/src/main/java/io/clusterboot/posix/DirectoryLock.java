package io.clusterboot.posix;

import java.nio.file.Path;

import com.sun.jna.LastErrorException;
import org.jspecify.annotations.Nullable;

/**
 * A BSD lock on a directory, see flock(2). It is held until it is closed or the process
 * ends, however that happens, and is not handed on to programs that are executed. Unlike
 * the locks of the JDK it keeps {@code systemd-tmpfiles} away from the directory and all
 * that is below it, see tmpfiles.d(5), and needs no file that could be deleted.
 */
public final class DirectoryLock implements AutoCloseable {

	private final Descriptor descriptor;

	private DirectoryLock(Descriptor descriptor) {
		this.descriptor = descriptor;
	}

	/**
	 * Lock a directory that others may lock like this too.
	 * @param directory the directory
	 * @return the lock, or {@code null} if somebody has an exclusive one
	 * @throws PosixException if it is no directory or cannot be opened or locked
	 */
	public static @Nullable DirectoryLock tryShared(Path directory) throws PosixException {
		return tryLock(directory, LibC.LOCK_SH);
	}

	/**
	 * Lock a directory that nobody else has locked.
	 * @param directory the directory
	 * @return the lock, or {@code null} if somebody has one
	 * @throws PosixException if it is no directory or cannot be opened or locked
	 */
	public static @Nullable DirectoryLock tryExclusive(Path directory) throws PosixException {
		return tryLock(directory, LibC.LOCK_EX);
	}

	private static @Nullable DirectoryLock tryLock(Path directory, int operation) throws PosixException {
		Descriptor descriptor = open(directory);
		try {
			LibC.flock(descriptor.number(), operation | LibC.LOCK_NB);
			return new DirectoryLock(descriptor);
		}
		catch (LastErrorException ex) {
			descriptor.close();
			if (ex.getErrorCode() == LibC.EWOULDBLOCK) {
				return null;
			}
			throw new PosixException("flock(%s)".formatted(directory), ex);
		}
	}

	private static Descriptor open(Path directory) throws PosixException {
		try {
			// The slash does what O_DIRECTORY does, whose value depends on the machine
			return new Descriptor(LibC.open(directory + "/", LibC.O_RDONLY | LibC.O_CLOEXEC));
		}
		catch (LastErrorException ex) {
			throw new PosixException("open(%s)".formatted(directory), ex);
		}
	}

	/**
	 * Let others lock the directory like {@link #tryShared(Path)} does.
	 * @throws PosixException if that is not possible
	 */
	public void share() throws PosixException {
		try {
			LibC.flock(this.descriptor.number(), LibC.LOCK_SH | LibC.LOCK_NB);
		}
		catch (LastErrorException ex) {
			throw new PosixException("flock", ex);
		}
	}

	@Override
	public void close() {
		this.descriptor.close();
	}

}
