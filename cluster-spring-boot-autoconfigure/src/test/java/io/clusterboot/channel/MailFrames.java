package io.clusterboot.channel;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads frames that are sent to nobody.
 */
public final class MailFrames {

	private MailFrames() {
	}

	/**
	 * Read a frame.
	 * @param frame the frame
	 * @return the mail in it
	 * @throws IOException if there is none
	 */
	public static Mail.Incoming read(MailFrame frame) throws IOException {
		int size = frame.parts().stream().mapToInt(ByteBuffer::remaining).sum();
		ByteBuffer whole = ByteBuffer.allocate(size);
		frame.parts().forEach((part) -> whole.put(part.duplicate()));
		whole.flip();
		whole.position(MessageCodec.HEADER_SIZE);
		return (Mail.Incoming) MessageCodec.decode(whole.slice());
	}

}
