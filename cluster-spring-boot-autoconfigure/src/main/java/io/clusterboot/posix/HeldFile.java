package io.clusterboot.posix;

import java.io.IOException;
import java.nio.file.Path;

import com.sun.jna.LastErrorException;

/**
 * A file that this process keeps open, for as long as it lives: others see that by a lock
 * ({@code flock(2)}), and its content can be read when its name is gone.
 */
public final class HeldFile implements AutoCloseable {

	private final Descriptor descriptor;

	private HeldFile(Descriptor descriptor) {
		this.descriptor = descriptor;
	}

	/**
	 * Hold a file.
	 * @param file the file
	 * @return the file, held
	 * @throws PosixException if it cannot be opened or locked
	 */
	public static HeldFile hold(Path file) throws PosixException {
		Descriptor descriptor = open(file);
		try {
			// Waits for who is just finding out whether it is held
			LibC.flock(descriptor.number(), LibC.LOCK_SH);
			return new HeldFile(descriptor);
		}
		catch (LastErrorException ex) {
			descriptor.close();
			throw new PosixException("flock(%s)".formatted(file), ex);
		}
	}

	/**
	 * Do something with a file unless a process holds it. Who is about to hold it waits
	 * until that is done, and has to look then whether the file is still the one.
	 * @param file the file
	 * @param action what to do, such as deleting it
	 * @throws IOException if the file cannot be opened, or the action throws it
	 */
	public static void unlessHeld(Path file, FileAction action) throws IOException {
		try (Descriptor descriptor = open(file)) {
			LibC.flock(descriptor.number(), LibC.LOCK_EX | LibC.LOCK_NB);
			action.perform(file);
		}
		catch (LastErrorException ex) {
			if (ex.getErrorCode() != LibC.EWOULDBLOCK) {
				throw new PosixException("flock(%s)".formatted(file), ex);
			}
		}
	}

	private static Descriptor open(Path file) throws PosixException {
		try {
			return new Descriptor(LibC.open(file.toString(), LibC.O_RDONLY | LibC.O_CLOEXEC));
		}
		catch (LastErrorException ex) {
			throw new PosixException("open(%s)".formatted(file), ex);
		}
	}

	/**
	 * Return a path that leads to the content in this process, whatever has become of the
	 * file's name.
	 * @return the path
	 */
	public Path content() {
		return Path.of("/proc/self/fd/" + this.descriptor.number());
	}

	@Override
	public void close() {
		this.descriptor.close();
	}

	/**
	 * What is done with a file.
	 */
	public interface FileAction {

		void perform(Path file) throws IOException;

	}

}
