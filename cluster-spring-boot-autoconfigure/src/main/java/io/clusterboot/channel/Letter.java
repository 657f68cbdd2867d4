package io.clusterboot.channel;

import java.nio.ByteBuffer;

import org.jspecify.annotations.Nullable;

/**
 * What one worker has to say to others. Only they understand it.
 *
 * @param type what kind of thing it is
 * @param topic what it is the last word on, to be kept for workers that start later, or
 * {@code null} if it is for those that run
 * @param body the thing
 */
public record Letter(String type, @Nullable String topic, ByteBuffer body) {

	/**
	 * How many characters a type or a topic may have.
	 */
	public static final int LONGEST_NAME = 200;

	/**
	 * How many bytes a body may have.
	 */
	public static final int LONGEST_BODY = 1024 * 1024;

	// Of what is beside the body, here and in the queues
	private static final int OVERHEAD = 512;

	/**
	 * Return what it takes of the room that there is for letters.
	 * @return a number of bytes
	 */
	public int size() {
		return OVERHEAD + this.body.remaining();
	}

	/**
	 * Return whether it is within the limits.
	 * @return whether neither the names nor the body are too long
	 */
	public boolean isAllowed() {
		return this.type.length() <= LONGEST_NAME && (this.topic == null || this.topic.length() <= LONGEST_NAME)
				&& this.body.remaining() <= LONGEST_BODY;
	}

	/**
	 * Return the same without the thing.
	 * @return a letter that takes little
	 */
	public Letter empty() {
		return new Letter(this.type, this.topic, ByteBuffer.allocate(0));
	}

}
