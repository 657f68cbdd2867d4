package io.clusterboot.worker.messages;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.clusterboot.channel.Mail;

/**
 * Tells the primary now and then how much this worker has done with.
 */
final class Receipts {

	// A small part of what there is room for, so that not every letter is confirmed
	private static final int MUCH = 64 * 1024;

	private final Consumer<Mail.Outgoing> send;

	private final AtomicInteger untold = new AtomicInteger();

	Receipts(Consumer<Mail.Outgoing> send) {
		this.send = send;
	}

	void taken(int size) {
		int sum = this.untold.addAndGet(size);
		if (sum > MUCH && this.untold.compareAndSet(sum, 0)) {
			this.send.accept(new Mail.Taken(sum));
		}
	}

}
