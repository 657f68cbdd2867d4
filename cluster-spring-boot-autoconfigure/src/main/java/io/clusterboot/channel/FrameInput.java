package io.clusterboot.channel;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a frame, parts of which can be had without a copy.
 */
final class FrameInput extends DataInputStream {

	private final ByteBuffer frame;

	FrameInput(byte[] frame) {
		this(ByteBuffer.wrap(frame));
	}

	FrameInput(ByteBuffer frame) {
		super(new ByteArrayInputStream(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining()));
		this.frame = frame;
	}

	/**
	 * Return the next bytes.
	 * @param length how many, no more than there are
	 * @return a part of the frame
	 */
	ByteBuffer slice(int length) throws IOException {
		int start = this.frame.limit() - available();
		skipBytes(length);
		return this.frame.slice(start, length);
	}

}
