package io.clusterboot.output;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The last lines that a worker has printed, in as much memory as can be spared for them,
 * and a thread dump that was asked for, which is longer.
 */
final class LastLines {

	/**
	 * How many lines are kept.
	 */
	static final int LIMIT = 200;

	/**
	 * How many characters of a line are kept.
	 */
	static final int LENGTH = 300;

	/**
	 * How many bytes are enough for that many characters in UTF-8: those that take four
	 * bytes are two characters in Java.
	 */
	static final int BYTES = 3 * LENGTH;

	/**
	 * How many bytes of a thread dump are kept.
	 */
	static final int THREAD_DUMP_BYTES = 256 * 1024;

	private static final byte[] THREAD_DUMP = "Full thread dump ".getBytes(StandardCharsets.US_ASCII);

	private final Deque<byte[]> lines = new ArrayDeque<>();

	private @Nullable ByteArrayOutputStream threadDump;

	/**
	 * Add a line.
	 * @param line the line, of which {@link #BYTES} bytes are kept
	 */
	synchronized void add(byte[] line) {
		byte[] kept = (line.length > BYTES) ? Arrays.copyOf(line, BYTES) : line;
		if (this.lines.size() == LIMIT) {
			this.lines.removeFirst();
		}
		this.lines.addLast(kept);
		if (this.threadDump != null && (this.threadDump.size() > 0 || beginsThreadDump(line))
				&& this.threadDump.size() + kept.length < THREAD_DUMP_BYTES) {
			this.threadDump.writeBytes(kept);
			this.threadDump.write('\n');
		}
	}

	/**
	 * Keep all that follows of what a JVM says on SIGQUIT.
	 */
	synchronized void awaitThreadDump() {
		this.threadDump = new ByteArrayOutputStream();
	}

	/**
	 * Return the thread dump that was awaited.
	 * @return the dump and what was printed after it, or {@code null} if it did not come
	 */
	synchronized @Nullable String threadDump() {
		return (this.threadDump != null && this.threadDump.size() > 0)
				? this.threadDump.toString(StandardCharsets.UTF_8) : null;
	}

	private static boolean beginsThreadDump(byte[] line) {
		return Arrays.mismatch(line, THREAD_DUMP) == THREAD_DUMP.length;
	}

	/**
	 * Return the last lines.
	 * @param count how many at most
	 * @return the lines, oldest first, without what ends them
	 */
	synchronized List<String> last(int count) {
		return this.lines.stream().skip(Math.max(0, this.lines.size() - count)).map(LastLines::toText).toList();
	}

	private static String toText(byte[] line) {
		String text = new String(line, StandardCharsets.UTF_8).stripTrailing();
		if (text.length() <= LENGTH) {
			return text;
		}
		return text.substring(0, Character.isHighSurrogate(text.charAt(LENGTH - 1)) ? LENGTH - 1 : LENGTH);
	}

}
