package io.clusterboot.primary;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import io.clusterboot.channel.MailFrame;
import io.clusterboot.channel.ReplyBudget;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what workers say to each other, and keeps the last word of each topic for
 * those that start later. No worker waits for another: what one does not take in time is
 * refused to the sender. May be used by any thread, and never waits.
 */
final class Relay {

	// Of letters that a worker has not done with, here and in its memory
	private static final int WINDOW = 4 * 1024 * 1024;

	private static final long LETTERS = 4 * 1024 * 1024;

	private static final long KEPT = 2 * 1024 * 1024;

	private static final int MOST_TOPICS = 1000;

	// For what a worker must be told. One that asks for more without reading it is lost
	private static final long CONFIRMATIONS = 1024 * 1024;

	private static final String BUSY = "The primary is busy: too many messages wait to be read. Send it again";

	private final ReplyBudget letters = new ReplyBudget(LETTERS);

	private final ReplyBudget keeping = new ReplyBudget(KEPT);

	private final Map<Integer, Box> boxes = new LinkedHashMap<>();

	private final Map<String, Kept> topics = new HashMap<>();

	/**
	 * A worker is there, and gets what was kept for it.
	 * @param worker its id
	 * @param post sends to it
	 * @param cutOff ends its channel
	 */
	synchronized void joined(int worker, Consumer<MailFrame> post, Runnable cutOff) {
		Box box = new Box(post, cutOff);
		if (this.boxes.putIfAbsent(worker, box) != null) {
			return;
		}
		this.topics.values().forEach((kept) -> box.deliver(kept.frame(), kept.size()));
		box.tell(new Mail.CaughtUp());
	}

	/**
	 * A worker is gone.
	 * @param worker its id
	 */
	synchronized void left(int worker) {
		if (this.boxes.remove(worker) != null) {
			this.boxes.values().stream().filter((box) -> box.asks).forEach((box) -> box.tell(new Mail.Left(worker)));
		}
	}

	/**
	 * Take mail.
	 * @param worker whose it is
	 * @param mail the mail
	 */
	synchronized void received(int worker, Mail.Outgoing mail) {
		Box box = this.boxes.get(worker);
		if (box == null) {
			return;
		}
		if (mail instanceof Mail.Post post) {
			box.asks |= post.asks();
			box.tell(post(worker, post));
		}
		else if (mail instanceof Mail.Answer answer) {
			answer(worker, answer);
		}
		else if (mail instanceof Mail.Taken taken) {
			box.taken(taken.bytes());
		}
		else if (mail instanceof Mail.Reads) {
			box.reads = true;
		}
	}

	private Mail.Posted post(int sender, Mail.Post post) {
		String refusal = refusal(post.letter());
		MailFrame frame = (refusal != null) ? null : frame(sender, (post.asks()) ? post.id() : 0, post.letter());
		if (frame == null) {
			return new Mail.Posted(post.id(), List.of(), List.of(), (refusal != null) ? refusal : BUSY);
		}
		List<Integer> recipients = new ArrayList<>();
		List<Integer> full = new ArrayList<>();
		targets(post).forEach((worker, box) -> {
			boolean fits = box.deliver(frame, post.letter().size());
			((fits) ? recipients : full).add(worker);
		});
		if (post.letter().topic() != null) {
			keep(post.letter(), frame);
		}
		else {
			frame.release();
		}
		if (post.asks() && post.target() == Mail.Post.ALL) {
			tellThoseWhoStart(sender, post.letter());
		}
		return new Mail.Posted(post.id(), recipients, full, null);
	}

	// They hear it as well, but would keep everybody waiting
	private void tellThoseWhoStart(int sender, Letter letter) {
		MailFrame frame = (this.boxes.values().stream().allMatch((box) -> box.reads)) ? null : frame(sender, 0, letter);
		if (frame != null) {
			this.boxes.values()
				.stream()
				.filter((box) -> !box.reads)
				.forEach((box) -> box.deliver(frame, letter.size()));
			frame.release();
		}
	}

	private @Nullable MailFrame frame(int sender, long question, Letter letter) {
		return MailFrame.of(new Mail.Delivery(sender, question, letter),
				(letter.topic() != null) ? this.keeping : this.letters);
	}

	private @Nullable String refusal(Letter letter) {
		if (!letter.isAllowed()) {
			return "The message or its name is too long";
		}
		boolean isNew = letter.topic() != null && !this.topics.containsKey(letter.topic());
		return (isNew && this.topics.size() == MOST_TOPICS)
				? "There are %d topics already, and there is no room for one more".formatted(MOST_TOPICS) : null;
	}

	private Map<Integer, Box> targets(Mail.Post post) {
		if (post.target() != Mail.Post.ALL) {
			Box box = this.boxes.get(post.target());
			return (box != null) ? Map.of(post.target(), box) : Map.of();
		}
		Map<Integer, Box> targets = new LinkedHashMap<>(this.boxes);
		targets.values().removeIf((box) -> post.asks() && !box.reads);
		return targets;
	}

	private void keep(Letter letter, MailFrame frame) {
		Kept before = this.topics.put(String.valueOf(letter.topic()), new Kept(frame, letter.size()));
		if (before != null) {
			before.frame().release();
		}
	}

	private void answer(int worker, Mail.Answer answer) {
		Box asker = this.boxes.get(answer.asker());
		if (asker == null) {
			return;
		}
		MailFrame frame = MailFrame.of(new Mail.Answered(worker, answer.question(), answer.failure(), answer.letter()),
				this.letters);
		boolean fits = frame != null && asker.deliver(frame, answer.letter().size());
		if (frame != null) {
			frame.release();
		}
		if (!fits) {
			asker.tell(new Mail.Answered(worker, answer.question(), "too much waits for the worker that asked",
					answer.letter().empty()));
		}
	}

	/**
	 * What a worker has yet to do with.
	 */
	private static final class Box {

		private final Consumer<MailFrame> post;

		private final Runnable cutOff;

		private final ReplyBudget confirmations = new ReplyBudget(CONFIRMATIONS);

		private int waiting;

		private boolean asks;

		private boolean reads;

		Box(Consumer<MailFrame> post, Runnable cutOff) {
			this.post = post;
			this.cutOff = cutOff;
		}

		boolean deliver(MailFrame frame, int size) {
			if (this.waiting + size > WINDOW) {
				return false;
			}
			this.waiting += size;
			this.post.accept(frame);
			return true;
		}

		void taken(int size) {
			this.waiting = Math.max(0, this.waiting - Math.max(0, size));
		}

		void tell(Mail.Incoming mail) {
			MailFrame frame = MailFrame.of(mail, this.confirmations);
			if (frame == null) {
				this.cutOff.run();
				return;
			}
			this.post.accept(frame);
			frame.release();
		}

	}

	private record Kept(MailFrame frame, int size) {

	}

}
