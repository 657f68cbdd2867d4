package io.clusterboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Mail on its way. It takes memory once, however many channels it is posted to, until
 * whoever made it has released it and all have sent it.
 */
public final class MailFrame {

	private final byte[] bytes;

	private final ReplyBudget budget;

	private int holders = 1;

	private MailFrame(byte[] bytes, ReplyBudget budget) {
		this.bytes = bytes;
		this.budget = budget;
	}

	/**
	 * Make a frame, to be released.
	 * @param mail the mail
	 * @param budget the memory for it
	 * @return the frame, or {@code null} if there is no memory for it
	 * @throws IllegalArgumentException if the mail is too long
	 */
	public static @Nullable MailFrame of(Mail mail, ReplyBudget budget) {
		byte[] bytes = MessageChannel.encode(mail);
		return (budget.take(bytes.length)) ? new MailFrame(bytes, budget) : null;
	}

	byte[] bytes() {
		return this.bytes;
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
			this.budget.giveBack(this.bytes.length);
		}
	}

}
