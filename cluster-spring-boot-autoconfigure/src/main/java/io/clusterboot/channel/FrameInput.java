package io.clusterboot.channel;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads a frame, parts of which can be had without a copy.
 */
final class FrameInput extends DataInputStream {

	private final byte[] frame;

	FrameInput(byte[] frame) {
		super(new ByteArrayInputStream(frame));
		this.frame = frame;
	}

	/**
	 * Return the next bytes.
	 * @param length how many, no more than there are
	 * @return a part of the frame
	 */
	ByteBuffer slice(int length) throws IOException {
		int start = this.frame.length - available();
		skipBytes(length);
		return ByteBuffer.wrap(this.frame, start, length).slice();
	}

}
