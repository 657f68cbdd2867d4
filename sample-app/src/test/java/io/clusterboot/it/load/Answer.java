package io.clusterboot.it.load;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads answers in whatever pieces they come, and forgives nothing.
 */
final class Answer {

	private static final int MAX_LINE = 16 * 1024;

	private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.([01]) ([2-5]\\d\\d)(?: [\\x20-\\x7e\\t]*)?");

	private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

	private static final Pattern CHUNK = Pattern.compile("([0-9a-fA-F]{1,8})(?:[ \\t]*;.*)?");

	private final StringBuilder line = new StringBuilder();

	private Part part = Part.STATUS;

	private int status;

	private boolean last;

	private boolean chunked;

	// Of the body or of the chunk, -1 for unknown
	private long remaining;

	/**
	 * Expect the next answer.
	 */
	void reset() {
		this.line.setLength(0);
		this.part = Part.STATUS;
		this.last = false;
		this.chunked = false;
		this.remaining = -1;
	}

	void read(ByteBuffer bytes) throws FailedRequest {
		while (bytes.hasRemaining()) {
			switch (this.part) {
				case BODY, CHUNK -> skip(bytes);
				case COMPLETE ->
					throw new FailedRequest(Failure.LENGTH, bytes.remaining() + " bytes more than announced");
				default -> {
					String line = readLine(bytes);
					if (line != null) {
						take(line);
					}
				}
			}
		}
	}

	private void skip(ByteBuffer bytes) {
		int count = (int) Math.min(this.remaining, bytes.remaining());
		bytes.position(bytes.position() + count);
		this.remaining -= count;
		if (this.remaining == 0) {
			this.part = (this.part == Part.BODY) ? Part.COMPLETE : Part.CHUNK_END;
		}
	}

	private @Nullable String readLine(ByteBuffer bytes) throws FailedRequest {
		while (bytes.hasRemaining()) {
			char next = (char) (bytes.get() & 0xff);
			this.line.append(next);
			if (next == '\n') {
				int end = this.line.length() - 2;
				if (end < 0 || this.line.charAt(end) != '\r') {
					throw garbled("line that does not end with CRLF", this.line);
				}
				String line = this.line.substring(0, end);
				this.line.setLength(0);
				return line;
			}
			if (this.line.length() > MAX_LINE) {
				throw garbled("endless line", this.line);
			}
		}
		return null;
	}

	private void take(String line) throws FailedRequest {
		switch (this.part) {
			case STATUS -> takeStatus(line);
			case HEADERS -> {
				if (line.isEmpty()) {
					beginBody();
				}
				else {
					takeHeader(line);
				}
			}
			case CHUNK_SIZE -> takeChunkSize(line);
			case CHUNK_END -> {
				if (!line.isEmpty()) {
					throw new FailedRequest(Failure.LENGTH, "chunk longer than announced");
				}
				this.part = Part.CHUNK_SIZE;
			}
			case TRAILERS -> {
				if (line.isEmpty()) {
					this.part = Part.COMPLETE;
				}
			}
			default -> throw new IllegalStateException("No line expected in " + this.part);
		}
	}

	private void takeStatus(String line) throws FailedRequest {
		Matcher matcher = STATUS_LINE.matcher(line);
		if (!matcher.matches()) {
			throw garbled("status line", line);
		}
		this.last = matcher.group(1).equals("0");
		this.status = Integer.parseInt(matcher.group(2));
		this.part = Part.HEADERS;
	}

	private void takeHeader(String line) throws FailedRequest {
		int colon = line.indexOf(':');
		if (colon < 1 || !isClean(line, colon)) {
			throw garbled("header", line);
		}
		String value = line.substring(colon + 1).strip();
		switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
			case "content-length" -> {
				if (!NUMBER.matcher(value).matches() || this.remaining >= 0) {
					throw garbled("header", line);
				}
				this.remaining = Long.parseLong(value);
			}
			case "transfer-encoding" -> {
				if (!value.equalsIgnoreCase("chunked")) {
					throw garbled("header", line);
				}
				this.chunked = true;
			}
			case "connection" -> {
				this.last &= !value.equalsIgnoreCase("keep-alive");
				this.last |= value.equalsIgnoreCase("close");
			}
			default -> {
			}
		}
	}

	private static boolean isClean(String line, int colon) {
		for (int i = 0; i < line.length(); i++) {
			char next = line.charAt(i);
			if ((i < colon && next <= ' ') || (next < ' ' && next != '\t') || next == 127) {
				return false;
			}
		}
		return true;
	}

	private void beginBody() throws FailedRequest {
		if (this.chunked && this.remaining >= 0) {
			throw new FailedRequest(Failure.GARBLED, "both a length and chunks");
		}
		if (this.chunked) {
			this.part = Part.CHUNK_SIZE;
		}
		else if (this.remaining > 0) {
			this.part = Part.BODY;
		}
		else if (this.remaining == 0 || this.status == 204 || this.status == 304) {
			this.part = Part.COMPLETE;
		}
		else {
			// Its end could not be told from a connection that breaks
			throw new FailedRequest(Failure.LENGTH, "neither a length nor chunks");
		}
	}

	private void takeChunkSize(String line) throws FailedRequest {
		Matcher matcher = CHUNK.matcher(line);
		if (!matcher.matches()) {
			throw new FailedRequest(Failure.LENGTH, "no size of a chunk: " + printable(line));
		}
		this.remaining = Long.parseLong(matcher.group(1), 16);
		this.part = (this.remaining > 0) ? Part.CHUNK : Part.TRAILERS;
	}

	private static FailedRequest garbled(String what, CharSequence line) {
		return new FailedRequest(Failure.GARBLED, what + ": " + printable(line));
	}

	private static String printable(CharSequence line) {
		return line.subSequence(0, Math.min(line.length(), 100)).toString().replaceAll("[^\\x20-\\x7e]", "?");
	}

	boolean isBegun() {
		return this.part != Part.STATUS || this.line.length() > 0;
	}

	boolean isComplete() {
		return this.part == Part.COMPLETE;
	}

	/**
	 * Return whether the server will close the connection after this answer.
	 * @return whether it said so
	 */
	boolean isLast() {
		return this.last;
	}

	int status() {
		return this.status;
	}

	/**
	 * What comes next.
	 */
	private enum Part {

		STATUS, HEADERS, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILERS, COMPLETE

	}

}
