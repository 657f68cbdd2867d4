package io.clusterboot.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What has been received and is no whole frame yet.
 */
final class FrameBuffer {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private ByteBuffer pending = NOTHING;

	boolean isEmpty() {
		return !this.pending.hasRemaining();
	}

	/**
	 * Add what was received. A long frame grows in one buffer of its size.
	 * @param bytes the bytes
	 */
	void append(byte[] bytes) {
		if (isEmpty()) {
			this.pending = NOTHING;
		}
		int start = this.pending.position();
		int end = this.pending.limit();
		if (this.pending.capacity() - end >= bytes.length) {
			this.pending.limit(end + bytes.length).put(end, bytes).position(start);
			return;
		}
		int frame = (this.pending.remaining() >= MessageCodec.HEADER_SIZE)
				? MessageCodec.HEADER_SIZE + this.pending.getInt(start) : 0;
		ByteBuffer larger = ByteBuffer.allocate(Math.max(frame, this.pending.remaining() + bytes.length));
		this.pending = larger.put(this.pending).put(bytes).flip();
	}

	/**
	 * Return how long the next frame is, without its header.
	 * @return the length, or 0 if not all of it is here
	 * @throws IOException if a frame must not be that long
	 */
	int nextLength() throws IOException {
		if (this.pending.remaining() < MessageCodec.HEADER_SIZE) {
			return 0;
		}
		int length = this.pending.getInt(this.pending.position());
		if (length < 1 || length > MessageCodec.MAX_FRAME_SIZE) {
			throw new IOException("A frame of %d bytes is not allowed".formatted(length));
		}
		return (this.pending.remaining() >= MessageCodec.HEADER_SIZE + length) ? length : 0;
	}

	/**
	 * Take the next frame. What a message keeps of it is not written over.
	 * @param length its length
	 * @return the frame without its header
	 */
	ByteBuffer take(int length) {
		int start = this.pending.position() + MessageCodec.HEADER_SIZE;
		this.pending.position(start + length);
		if (start == MessageCodec.HEADER_SIZE && this.pending.position() == this.pending.capacity()) {
			return this.pending.slice(start, length);
		}
		return ByteBuffer.wrap(Arrays.copyOfRange(this.pending.array(), start, start + length));
	}

}
