package io.clusterboot.gate;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer: in chunks, of a known length, or all that comes.
 */
final class AnswerBody extends InputStream {

	static final long UNTIL_THE_END = -1;

	private static final int LONGEST_LINE = 64 * 1024;

	private final InputStream in;

	private final boolean chunked;

	// Of the chunk or of all
	private long left;

	private boolean ended;

	AnswerBody(InputStream in, boolean chunked, long length) {
		this.in = in;
		this.chunked = chunked;
		this.left = (chunked) ? 0 : length;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) == 1) ? one[0] & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (this.left == 0 && !this.ended) {
			this.ended = !this.chunked || !nextChunk();
		}
		if (this.ended) {
			return -1;
		}
		int count = this.in.read(bytes, offset, (this.left > 0) ? (int) Math.min(length, this.left) : length);
		if (count < 0 && this.left > 0) {
			throw new EOFException("The connection ended within an answer");
		}
		if (this.left > 0) {
			this.left -= count;
			if (this.chunked && this.left == 0) {
				readLine(this.in);
			}
		}
		return count;
	}

	private boolean nextChunk() throws IOException {
		this.left = SideDoorAnswer.number(readLine(this.in).split(";", 2)[0], 16);
		if (this.left > 0) {
			return true;
		}
		while (!readLine(this.in).isEmpty()) {
			// Nobody wants what comes behind
		}
		return false;
	}

	static String readLine(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int c = in.read(); c != '\n'; c = in.read()) {
			if (c < 0 || line.length() == LONGEST_LINE) {
				throw new EOFException("The connection ended within an answer");
			}
			line.append((char) c);
		}
		return line.toString().stripTrailing();
	}

}
