package io.clusterboot.worker.messages;

import java.util.function.Consumer;

import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import org.jspecify.annotations.Nullable;

/**
 * Answers letters, if they ask.
 */
final class Replies {

	private final Letters letters;

	private final Consumer<Mail.Outgoing> send;

	Replies(Letters letters, Consumer<Mail.Outgoing> send) {
		this.letters = letters;
		this.send = send;
	}

	void answer(Mail.Delivery delivery, @Nullable Object answer) {
		if (delivery.question() == 0) {
			return;
		}
		Letter letter;
		try {
			letter = this.letters.write(answer, null);
		}
		catch (IllegalArgumentException ex) {
			fail(delivery, String.valueOf(ex.getMessage()));
			return;
		}
		reply(delivery, null, letter);
	}

	void fail(Mail.Delivery delivery, String reason) {
		if (delivery.question() != 0) {
			reply(delivery, reason, this.letters.write(null, null));
		}
	}

	private void reply(Mail.Delivery delivery, @Nullable String failure, Letter letter) {
		this.send.accept(new Mail.Answer(delivery.sender(), delivery.question(), failure, letter));
	}

}
