package io.clusterboot.posix;

import java.util.List;

import com.sun.jna.LastErrorException;

/**
 * Waits for several pipes at once, see poll(2). For one thread.
 */
public final class PipePoll {

	// struct pollfd as two ints: the descriptor; the events asked for in the lower half
	// of the second, those that there are in the upper
	private static final int POLLFD_INTS = 2;

	private static final int REVENTS_SHIFT = 16;

	private final int[] descriptors;

	/**
	 * Create a poll of pipes.
	 * @param pipes the pipes, whose reading ends stay open for as long as this is used
	 */
	public PipePoll(List<Pipe> pipes) {
		this.descriptors = new int[POLLFD_INTS * pipes.size()];
		for (int i = 0; i < pipes.size(); i++) {
			this.descriptors[POLLFD_INTS * i] = pipes.get(i).reader().number();
		}
	}

	/**
	 * Wait until a pipe can be read from or is at its end.
	 * @param millis for how long; forever if negative
	 * @throws PosixException if memory ran out
	 */
	public void await(int millis) throws PosixException {
		for (int i = 1; i < this.descriptors.length; i += POLLFD_INTS) {
			this.descriptors[i] = LibC.POLLIN;
		}
		try {
			LibC.poll(this.descriptors, this.descriptors.length / POLLFD_INTS, millis);
		}
		catch (LastErrorException ex) {
			if (ex.getErrorCode() != LibC.EINTR) {
				throw new PosixException("poll", ex);
			}
		}
	}

	/**
	 * Return whether reading from a pipe does not block, as of the last
	 * {@link #await(int)}.
	 * @param index the pipe's index
	 * @return whether there are bytes, or the end
	 */
	public boolean isReadable(int index) {
		return this.descriptors[POLLFD_INTS * index + 1] >>> REVENTS_SHIFT != 0;
	}

}
