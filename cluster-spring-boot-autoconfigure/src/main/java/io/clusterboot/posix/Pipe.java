package io.clusterboot.posix;

import java.io.File;
import java.nio.ByteBuffer;

import com.sun.jna.LastErrorException;

/**
 * A pipe, see pipe(7), close-on-exec at both ends. The JDK can redirect the output of a
 * process into it. A pipe that the JDK makes itself does not do: it can be waited for
 * only by a thread of its own, and not at all without reading from it.
 */
public final class Pipe implements AutoCloseable {

	private final Descriptor reader;

	private final Descriptor writer;

	private Pipe(Descriptor reader, Descriptor writer) {
		this.reader = reader;
		this.writer = writer;
	}

	/**
	 * Create a pipe.
	 * @return the pipe
	 * @throws PosixException if descriptors ran out
	 */
	public static Pipe open() throws PosixException {
		int[] ends = new int[2];
		try {
			LibC.pipe2(ends, LibC.O_CLOEXEC);
		}
		catch (LastErrorException ex) {
			throw new PosixException("pipe2", ex);
		}
		return new Pipe(new Descriptor(ends[0]), new Descriptor(ends[1]));
	}

	/**
	 * Ask for more room than the usual 64 KiB, see {@code F_SETPIPE_SZ} in fcntl(2) and
	 * {@code /proc/sys/fs/pipe-max-size} in proc(5). An unprivileged user has only so
	 * much of it; without it a writer waits sooner for its reader, no more.
	 * @param bytes how many bytes it should hold
	 */
	public void enlarge(int bytes) {
		try {
			LibC.fcntl(this.writer.number(), LibC.F_SETPIPE_SZ, bytes);
		}
		catch (LastErrorException ex) {
			// the user has used up what fs.pipe-user-pages-soft allows
		}
	}

	/**
	 * Return the writing end as a file that a process may be redirected to.
	 * @return the file, which is there until the writing end is closed
	 */
	public File writer() {
		return new File("/proc/self/fd/" + this.writer.number());
	}

	/**
	 * Close the writing end, so that the pipe ends when its other writers are gone.
	 */
	public void closeWriter() {
		this.writer.close();
	}

	/**
	 * Read what is there, after waiting until something is.
	 * @param buffer a direct buffer, which is filled from its position on
	 * @return the number of bytes; 0 at the end
	 * @throws PosixException if the reading end is not open
	 */
	public int read(ByteBuffer buffer) throws PosixException {
		while (true) {
			try {
				int count = (int) LibC.read(this.reader.number(), buffer, buffer.remaining());
				buffer.position(buffer.position() + count);
				return count;
			}
			catch (LastErrorException ex) {
				if (ex.getErrorCode() != LibC.EINTR) {
					throw new PosixException("read(%s)".formatted(this.reader), ex);
				}
			}
		}
	}

	/**
	 * Write one byte, which wakes up whoever waits for the pipe.
	 * @throws PosixException if the writing end is not open
	 */
	public void signal() throws PosixException {
		try {
			LibC.write(this.writer.number(), new byte[1], 1);
		}
		catch (LastErrorException ex) {
			throw new PosixException("write(%s)".formatted(this.writer), ex);
		}
	}

	@Override
	public void close() {
		this.writer.close();
		this.reader.close();
	}

	Descriptor reader() {
		return this.reader;
	}

}
