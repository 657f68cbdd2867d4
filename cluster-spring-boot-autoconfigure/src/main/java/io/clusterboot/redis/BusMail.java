package io.clusterboot.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Sends what this worker says, one after the other, on a thread of its own: who says it
 * does not wait.
 */
final class BusMail implements Runnable {

	private static final Log logger = LogFactory.getLog(BusMail.class);

	// Of letters for one worker that it has not read
	private static final int WAITING = 2 * Letter.LONGEST_BODY + 64 * 1024;

	// Of letters for all, for those who are behind
	private static final int KEPT = 32 * 1024 * 1024;

	private static final int RETAINED = 2 * 1024 * 1024;

	private static final int MOST_TOPICS = 1000;

	private final BlockingQueue<Mail.Outgoing> outgoing = new LinkedBlockingQueue<>();

	private final BusKeys keys;

	private final BusClient client;

	private final Presence presence;

	private final Consumer<Mail.Incoming> inbox;

	// Answers to what is not confirmed yet, by which it is known who was asked
	private final Map<Long, List<Mail.Answered>> early = new HashMap<>();

	private long number;

	BusMail(BusKeys keys, BusClient client, Presence presence, Consumer<Mail.Incoming> inbox) {
		this.keys = keys;
		this.client = client;
		this.presence = presence;
		this.inbox = inbox;
	}

	void post(Mail.Outgoing mail) {
		this.outgoing.add(mail);
	}

	@Override
	public void run() {
		try {
			while (true) {
				send(this.outgoing.take());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void send(Mail.Outgoing mail) {
		try {
			if (mail instanceof Mail.Post post) {
				send(post);
			}
			else if (mail instanceof Mail.Answer answer) {
				send(answer);
			}
		}
		catch (RuntimeException ex) {
			logger.warn(LogMessage.format("%s could not be sent", mail.getClass().getSimpleName()), ex);
		}
	}

	private void send(Mail.Post post) {
		boolean toAll = post.target() == Mail.Post.ALL;
		if (toAll && post.asks()) {
			synchronized (this.early) {
				this.early.put(post.id(), new ArrayList<>());
			}
		}
		Mail.Posted posted;
		try {
			posted = (toAll) ? sendToAll(post) : sendToOne(post);
		}
		catch (PrimaryUnavailableException ex) {
			posted = new Mail.Posted(post.id(), List.of(), List.of(), ex.getMessage());
		}
		// What asks one worker is confirmed by the answer, or by word of its end
		if (toAll || !post.asks() || posted.recipients().isEmpty()) {
			this.inbox.accept(posted);
		}
		synchronized (this.early) {
			List<Mail.Answered> answers = this.early.remove(post.id());
			if (answers != null) {
				answers.forEach(this.inbox);
			}
		}
	}

	/**
	 * Take an answer.
	 * @param answered the answer
	 */
	void answered(Mail.Answered answered) {
		synchronized (this.early) {
			List<Mail.Answered> waiting = this.early.get(answered.question());
			if (waiting != null) {
				waiting.add(answered);
				return;
			}
		}
		this.inbox.accept(answered);
	}

	private Mail.Posted sendToAll(Mail.Post post) {
		if (!post.letter().isAllowed()) {
			return refused(post, "The message or its name is too long");
		}
		if (post.asks() && !this.presence.isSettled()) {
			return refused(post, "Redis has lost who is there, and may not have heard of all again. Send it again");
		}
		if (!this.client.answers()) {
			// That one will not come is certain, so it has no number
			this.client.ask((connection) -> "");
		}
		this.number++;
		List<String> answer = transmit(Envelope.Kind.LETTER, this.number, (post.asks()) ? post.id() : 0, null,
				post.letter(), null, post.asks());
		if (!answer.get(0).equals("sent")) {
			this.number--;
		}
		return switch (answer.get(0)) {
			case "topics" ->
				refused(post, "There are %d topics already, and there is no room for one more".formatted(MOST_TOPICS));
			case "kept" -> refused(post,
					"The retained messages of other topics take %s bytes of %d, and there is no room for this one"
						.formatted(answer.get(1), RETAINED));
			default -> new Mail.Posted(post.id(), answer.stream().skip(1).map(this::seen).toList(), List.of(), null);
		};
	}

	private static Mail.Posted refused(Mail.Post post, String reason) {
		return new Mail.Posted(post.id(), List.of(), List.of(), reason);
	}

	private int seen(String address) {
		return Address.parse(address).seenFrom(this.presence.machine());
	}

	private Mail.Posted sendToOne(Mail.Post post) {
		if (!post.letter().isAllowed()) {
			return refused(post, "The message or its name is too long");
		}
		Address target = Address.dialled(post.target(), this.presence.machine());
		List<Integer> one = List.of(post.target());
		return switch (transmit(Envelope.Kind.LETTER, 0, (post.asks()) ? post.id() : 0, null, post.letter(), target,
				false)
			.get(0)) {
			case "absent" -> new Mail.Posted(post.id(), List.of(), List.of(), null);
			case "full" -> new Mail.Posted(post.id(), List.of(), one, null);
			default -> new Mail.Posted(post.id(), one, List.of(), null);
		};
	}

	private void send(Mail.Answer answer) {
		Address asker = Address.dialled(answer.asker(), this.presence.machine());
		String result = transmit(Envelope.Kind.ANSWER, 0, answer.question(), answer.failure(), answer.letter(), asker,
				false)
			.get(0);
		if (result.equals("full")) {
			transmit(Envelope.Kind.ANSWER, 0, answer.question(), "too much waits for the worker that asked",
					answer.letter().empty(), asker, false);
		}
	}

	private List<String> transmit(Envelope.Kind kind, long number, long question, @Nullable String failure,
			Letter letter, @Nullable Address target, boolean asks) {
		Envelope envelope = new Envelope(Envelope.VERSION, kind, this.presence.address().toString(),
				this.presence.life(), number, question, failure, letter.type(), letter.topic());
		String topic = (target == null && letter.topic() != null) ? letter.topic() : "";
		return this.client.ask(Script.POST,
				List.of((target != null) ? this.keys.letters(target) : this.keys.letters(),
						(target != null) ? this.keys.lettersSize(target) : this.keys.lettersSize(), this.keys.members(),
						this.keys.readers(), this.keys.topics(), this.keys.topicsSize()),
				envelope.with(letter), (target != null) ? target : "", (asks) ? 1 : 0, topic, Presence.TTL,
				(target != null) ? WAITING : KEPT, MOST_TOPICS, RETAINED);
	}

}
