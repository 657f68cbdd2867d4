package io.clusterboot.channel;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a frame, parts of which are taken without a copy.
 */
final class FrameOutput extends DataOutputStream {

	// What is shorter is sent with what is around it
	private static final int LONG = 4096;

	private final List<ByteBuffer> parts = new ArrayList<>();

	FrameOutput() {
		super(new ByteArrayOutputStream());
	}

	/**
	 * Take bytes, which nobody may change before they are sent.
	 * @param bytes the bytes
	 */
	void take(ByteBuffer bytes) throws IOException {
		if (bytes.remaining() < LONG) {
			write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
			return;
		}
		endPart();
		this.parts.add(bytes.duplicate());
	}

	/**
	 * Return what was written.
	 * @return the parts, in their order
	 */
	List<ByteBuffer> parts() {
		endPart();
		return this.parts;
	}

	/**
	 * Return what was written, in one piece.
	 * @return a copy
	 */
	byte[] whole() {
		ByteBuffer whole = ByteBuffer.allocate(parts().stream().mapToInt(ByteBuffer::remaining).sum());
		this.parts.forEach((part) -> whole.put(part.duplicate()));
		return whole.array();
	}

	private void endPart() {
		ByteArrayOutputStream written = (ByteArrayOutputStream) this.out;
		if (written.size() > 0) {
			this.parts.add(ByteBuffer.wrap(written.toByteArray()));
			written.reset();
		}
	}

}
