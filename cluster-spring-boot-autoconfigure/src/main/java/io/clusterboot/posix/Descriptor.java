package io.clusterboot.posix;

import java.util.concurrent.atomic.AtomicBoolean;

import com.sun.jna.LastErrorException;

/**
 * An open file descriptor and its one owner. Closing it twice is harmless.
 */
public final class Descriptor implements AutoCloseable {

	private final int number;

	private final AtomicBoolean closed = new AtomicBoolean();

	Descriptor(int number) {
		this.number = number;
	}

	/**
	 * Take ownership of a descriptor that this process inherited.
	 * @param number the descriptor's number
	 * @return the descriptor, marked close-on-exec
	 * @throws PosixException if there is no such descriptor
	 */
	public static Descriptor inherited(int number) throws PosixException {
		Descriptor descriptor = new Descriptor(number);
		descriptor.closeOnExec(true);
		return descriptor;
	}

	/**
	 * Return the number, for a successor that inherits the descriptor or for the JDK.
	 * @return the descriptor's number
	 * @throws IllegalStateException if it was closed
	 */
	public int number() {
		if (this.closed.get()) {
			throw new IllegalStateException("descriptor %d is closed".formatted(this.number));
		}
		return this.number;
	}

	/**
	 * Give up ownership: from now on somebody else closes the descriptor.
	 * @return the descriptor's number
	 */
	public int release() {
		int number = number();
		this.closed.set(true);
		return number;
	}

	/**
	 * Set whether programs that are executed do not get the descriptor.
	 * @param enabled whether to close it on exec
	 * @throws PosixException if the descriptor is not open
	 */
	public void closeOnExec(boolean enabled) throws PosixException {
		try {
			LibC.fcntl(this.number, LibC.F_SETFD, enabled ? LibC.FD_CLOEXEC : 0);
		}
		catch (LastErrorException ex) {
			throw new PosixException("fcntl(%d, F_SETFD)".formatted(this.number), ex);
		}
	}

	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			try {
				LibC.close(this.number);
			}
			catch (LastErrorException ex) {
				// close(2): whatever the error, the descriptor is gone
			}
		}
	}

	@Override
	public String toString() {
		return "fd " + this.number;
	}

}
