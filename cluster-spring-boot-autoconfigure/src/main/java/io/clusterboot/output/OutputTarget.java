package io.clusterboot.output;

import java.io.PrintStream;

import org.jspecify.annotations.Nullable;

/**
 * One of the primary's own streams, into which several write and none breaks a line of
 * another. May be used by several threads.
 */
public final class OutputTarget {

	private final PrintStream stream;

	// Who has begun a line and not ended it
	private @Nullable Object unfinished;

	public OutputTarget(PrintStream stream) {
		this.stream = stream;
	}

	/**
	 * Write a line of the primary's.
	 * @param line the line
	 */
	synchronized void println(String line) {
		endLineOfOthers(this);
		this.stream.println(line);
		this.stream.flush();
	}

	/**
	 * Write bytes as they are. Only if somebody else has left a line unfinished is that
	 * ended before.
	 * @param writer who writes
	 * @param bytes at least one byte
	 * @param length how many of them
	 */
	synchronized void write(Object writer, byte[] bytes, int length) {
		endLineOfOthers(writer);
		this.stream.write(bytes, 0, length);
		this.stream.flush();
		this.unfinished = (bytes[length - 1] != '\n') ? writer : null;
	}

	private void endLineOfOthers(Object writer) {
		if (this.unfinished != null && this.unfinished != writer) {
			this.stream.write('\n');
			this.unfinished = null;
		}
	}

}
