package io.clusterboot.primary;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The last lines that a worker has printed, in as much memory as can be spared for them.
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

	private final Deque<byte[]> lines = new ArrayDeque<>();

	/**
	 * Add a line.
	 * @param line its beginning, up to {@link #BYTES} bytes
	 */
	synchronized void add(byte[] line) {
		if (this.lines.size() == LIMIT) {
			this.lines.removeFirst();
		}
		this.lines.addLast(line);
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
