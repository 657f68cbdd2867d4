package io.clusterboot.output;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.clusterboot.posix.Pipe;
import io.clusterboot.posix.PosixException;

/**
 * One stream of a worker on its way through the primary: whole lines go on, of what is
 * not a line yet only what has waited too long for its end or is too long. All but
 * {@link #end()} is for the one thread that pumps.
 */
final class WorkerStream {

	/**
	 * How long the beginning of a line waits for the rest, in nanoseconds.
	 */
	static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(250);

	/**
	 * How many bytes of a line are held back.
	 */
	static final int LONGEST = 256 * 1024;

	/**
	 * How many bytes of a line are kept.
	 */
	static final int LINE = 16 * 1024;

	private final Pipe pipe;

	private final OutputTarget target;

	private final Consumer<byte[]> lines;

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private byte[] held = {};

	private long heldSince;

	private volatile boolean ending;

	WorkerStream(Pipe pipe, OutputTarget target, Consumer<byte[]> lines) {
		this.pipe = pipe;
		this.target = target;
		this.lines = lines;
	}

	Pipe pipe() {
		return this.pipe;
	}

	/**
	 * Say that the worker is gone, so that what it has written is in the pipe. Somebody
	 * else may still hold the pipe open and is then heard as before.
	 * @return completed when everything of the worker's has been passed on
	 */
	CompletableFuture<Void> end() {
		this.ending = true;
		return this.drained;
	}

	/**
	 * Return whether somebody waits for what is in the pipe now.
	 * @return whether the worker is gone and not everything of it has been passed on
	 */
	boolean isEnding() {
		return this.ending && !this.drained.isDone();
	}

	/**
	 * Return how long {@link #idle} need not be called.
	 * @param now the time in nanoseconds
	 * @return nanoseconds; {@code Long.MAX_VALUE} if nothing waits
	 */
	long patience(long now) {
		return (this.held.length > 0) ? Math.max(0, PATIENCE - (now - this.heldSince)) : Long.MAX_VALUE;
	}

	/**
	 * Take what is in the pipe, once it is known that something is.
	 * @param buffer a direct buffer to use
	 * @param now the time in nanoseconds
	 * @return whether more can come
	 * @throws PosixException if the pipe cannot be read
	 */
	boolean pump(ByteBuffer buffer, long now) throws PosixException {
		buffer.clear();
		if (this.pipe.read(buffer) == 0) {
			close();
			return false;
		}
		buffer.flip();
		int old = this.held.length;
		byte[] bytes = Arrays.copyOf(this.held, old + buffer.remaining());
		buffer.get(bytes, old, bytes.length - old);
		keep(bytes, old);
		int end = endOfLines(bytes, old);
		if (end > 0) {
			this.target.write(this, bytes, end);
		}
		if (old == 0 || end > 0) {
			this.heldSince = now;
		}
		this.held = (end > 0) ? Arrays.copyOfRange(bytes, end, bytes.length) : bytes;
		return true;
	}

	/**
	 * Do what there is to do when nothing was in the pipe.
	 * @param now the time in nanoseconds
	 * @param ending what {@link #isEnding} was before it was looked into
	 */
	void idle(long now, boolean ending) {
		if (ending) {
			finish();
		}
		else if (patience(now) == 0) {
			release();
		}
	}

	void close() {
		this.pipe.close();
		finish();
	}

	private void finish() {
		release();
		if (this.line.size() > 0) {
			endLine();
		}
		this.drained.complete(null);
	}

	private void release() {
		if (this.held.length > 0) {
			this.target.write(this, this.held, this.held.length);
			this.held = new byte[0];
		}
	}

	private static int endOfLines(byte[] bytes, int from) {
		for (int i = bytes.length - 1; i >= from; i--) {
			if (bytes[i] == '\n') {
				return i + 1;
			}
		}
		return (bytes.length >= LONGEST) ? bytes.length : 0;
	}

	private void keep(byte[] bytes, int from) {
		int start = from;
		for (int i = from; i < bytes.length; i++) {
			if (bytes[i] == '\n') {
				append(bytes, start, i);
				endLine();
				start = i + 1;
			}
		}
		append(bytes, start, bytes.length);
	}

	private void append(byte[] bytes, int from, int to) {
		this.line.write(bytes, from, Math.min(to - from, LINE - this.line.size()));
	}

	private void endLine() {
		this.lines.accept(this.line.toByteArray());
		this.line.reset();
	}

}
