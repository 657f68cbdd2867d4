package io.clusterboot.posix;

import java.io.IOException;

import com.sun.jna.LastErrorException;

/**
 * Descriptor 0, the one way to hand a descriptor to a process that the JDK starts.
 */
public final class StandardInput {

	private static final Object LOCK = new Object();

	private static final int STDIN = 0;

	private StandardInput() {
	}

	/**
	 * Run something, such as the start of a process that inherits standard input, while
	 * another descriptor stands in for this process's standard input.
	 * @param <T> the type of the result
	 * @param descriptor the descriptor that stands in
	 * @param action what to run
	 * @return the action's result
	 * @throws IOException if the action throws it or a system call fails
	 */
	public static <T> T with(Descriptor descriptor, IoSupplier<T> action) throws IOException {
		synchronized (LOCK) {
			try {
				Descriptor saved = new Descriptor(LibC.fcntl(STDIN, LibC.F_DUPFD_CLOEXEC, 3));
				try {
					LibC.dup2(descriptor.number(), STDIN);
					return action.get();
				}
				finally {
					LibC.dup2(saved.number(), STDIN);
					saved.close();
				}
			}
			catch (LastErrorException ex) {
				throw new PosixException("dup2(%s, 0)".formatted(descriptor), ex);
			}
		}
	}

	/**
	 * Take what this process was given as standard input away from everyone else in it,
	 * and from its children: they read {@code /dev/null} instead. Who waits in a read
	 * already goes on to do so.
	 * @return the descriptor that was standard input, close-on-exec
	 * @throws PosixException if standard input is not open
	 */
	public static Descriptor take() throws PosixException {
		try {
			Descriptor taken = new Descriptor(LibC.fcntl(STDIN, LibC.F_DUPFD_CLOEXEC, 3));
			try (Descriptor empty = new Descriptor(LibC.open("/dev/null", LibC.O_RDWR))) {
				LibC.dup2(empty.number(), STDIN);
			}
			return taken;
		}
		catch (LastErrorException ex) {
			throw new PosixException("dup2(/dev/null, 0)", ex);
		}
	}

	/**
	 * A supplier that may fail with an {@link IOException}.
	 *
	 * @param <T> the type of the result
	 */
	public interface IoSupplier<T> {

		T get() throws IOException;

	}

}
