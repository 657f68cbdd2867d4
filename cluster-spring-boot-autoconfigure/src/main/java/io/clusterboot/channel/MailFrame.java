package io.clusterboot.channel;

import java.nio.ByteBuffer;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Mail on its way. It takes memory once, however many channels it is posted to, until
 * whoever made it has released it and all have sent it.
 */
public final class MailFrame {

	private final List<ByteBuffer> parts;

	private final int size;

	private final ByteBudget budget;

	private int holders = 1;

	private MailFrame(List<ByteBuffer> parts, int size, ByteBudget budget) {
		this.parts = parts;
		this.size = size;
		this.budget = budget;
	}

	/**
	 * Make a frame, to be released.
	 * @param mail the mail
	 * @param budget the memory for it
	 * @return the frame, or {@code null} if there is no memory for it
	 * @throws IllegalArgumentException if the mail is too long
	 */
	public static @Nullable MailFrame of(Mail mail, ByteBudget budget) {
		List<ByteBuffer> parts = MessageChannel.encode(mail);
		int size = parts.stream().mapToInt(ByteBuffer::remaining).sum();
		return (budget.take(size)) ? new MailFrame(parts, size, budget) : null;
	}

	/**
	 * Make a frame of what is in memory anyway.
	 * @param mail the mail
	 * @return the frame, for which there is always room
	 */
	public static MailFrame of(Mail mail) {
		return new MailFrame(MessageChannel.encode(mail), 0, new ByteBudget(0));
	}

	List<ByteBuffer> parts() {
		return this.parts;
	}

	synchronized void hold() {
		this.holders++;
	}

	/**
	 * Say that whoever made it, or a channel, has done with it.
	 */
	public synchronized void release() {
		this.holders--;
		if (this.holders == 0) {
			this.budget.giveBack(this.size);
		}
	}

}
