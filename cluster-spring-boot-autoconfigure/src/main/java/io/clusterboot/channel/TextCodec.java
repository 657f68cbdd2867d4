package io.clusterboot.channel;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Writes and reads texts whose length is somebody else's choice. A text that is too long
 * loses its end: half a thread dump tells more than a message that cannot be sent.
 */
final class TextCodec {

	/**
	 * How many bytes of a thread dump or a file are kept.
	 */
	static final int LONG = 256 * 1024;

	/**
	 * How many bytes of a sentence are kept.
	 */
	static final int SENTENCE = 8 * 1024;

	/**
	 * How many bytes of a line are kept.
	 */
	static final int LINE = 1024;

	private static final byte[] MARK = " [cut off]".getBytes(StandardCharsets.UTF_8);

	private TextCodec() {
	}

	static void write(String text, int limit, DataOutput out) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		boolean cut = bytes.length > limit;
		int kept = (cut) ? startOfCharacter(bytes, limit - MARK.length) : bytes.length;
		out.writeInt((cut) ? kept + MARK.length : kept);
		out.write(bytes, 0, kept);
		if (cut) {
			out.write(MARK);
		}
	}

	static String read(DataInput in) throws IOException {
		int length = in.readInt();
		if (length < 0 || length > LONG) {
			throw new IOException("A text of %d bytes is not allowed".formatted(length));
		}
		byte[] bytes = new byte[length];
		in.readFully(bytes);
		return new String(bytes, StandardCharsets.UTF_8);
	}

	static void writeOptional(@Nullable String text, int limit, DataOutput out) throws IOException {
		out.writeBoolean(text != null);
		if (text != null) {
			write(text, limit, out);
		}
	}

	static @Nullable String readOptional(DataInput in) throws IOException {
		return (in.readBoolean()) ? read(in) : null;
	}

	private static int startOfCharacter(byte[] bytes, int index) {
		int start = index;
		while ((bytes[start] & 0xC0) == 0x80) {
			start--;
		}
		return start;
	}

}
