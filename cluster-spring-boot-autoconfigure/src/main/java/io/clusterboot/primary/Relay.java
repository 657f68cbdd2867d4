package io.clusterboot.primary;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

import io.clusterboot.channel.ByteBudget;
import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import io.clusterboot.channel.MailFrame;
import org.jspecify.annotations.Nullable;

/**
 * Passes on what workers say to each other, and keeps the last word of each topic for
 * those that start later. No worker waits for another: what one does not take in time is
 * refused to the sender. May be used by any thread, and never waits.
 */
final class Relay {

	// Of letters that a worker has not done with, here and in its memory
	private static final int WINDOW = 4 * 1024 * 1024;

	// Of letters that have not left this process
	private static final long LETTERS = 6 * 1024 * 1024;

	// Of these for one worker, so that one that is stopped leaves room for the others
	private static final int QUEUE = 2 * Letter.LONGEST_BODY + 64 * 1024;

	private static final long KEPT = 2 * 1024 * 1024;

	private static final int MOST_TOPICS = 1000;

	// For what a worker must be told. One that asks for more without reading it is lost
	private static final long CONFIRMATIONS = 1024 * 1024;

	private static final String BUSY = "The primary is busy: too many messages wait to be read. Send it again";

	private final ByteBudget letters = new ByteBudget(LETTERS);

	private final Map<Integer, Box> boxes = new LinkedHashMap<>();

	// In the order of their last words
	private final Map<String, Mail.Delivery> topics = new LinkedHashMap<>();

	private long kept;

	/**
	 * A worker is there, and gets what was kept for it.
	 * @param worker its id
	 * @param post sends to it
	 * @param cutOff ends its channel
	 */
	synchronized void joined(int worker, BiConsumer<MailFrame, Runnable> post, Runnable cutOff) {
		Box box = new Box(post, cutOff);
		if (this.boxes.putIfAbsent(worker, box) != null) {
			return;
		}
		this.topics.values().forEach((delivery) -> box.deliver(MailFrame.of(delivery), delivery.letter().size()));
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
			Mail.Posted posted = post(worker, post);
			// What asks one worker is confirmed by the answer, or by word of its end
			if (!post.asks() || post.target() == Mail.Post.ALL || posted.recipients().isEmpty()) {
				box.tell(posted);
			}
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
		MailFrame frame = (refusal != null) ? null : frame(sender, post);
		if (frame == null) {
			return new Mail.Posted(post.id(), List.of(), List.of(), (refusal != null) ? refusal : BUSY);
		}
		List<Integer> recipients = new ArrayList<>();
		List<Integer> full = new ArrayList<>();
		targets(post).forEach((worker, box) -> {
			boolean fits = box.deliver(frame, post.letter().size());
			((fits) ? recipients : full).add(worker);
		});
		frame.release();
		if (post.letter().topic() != null) {
			keep(sender, post.letter());
		}
		if (post.asks() && post.target() == Mail.Post.ALL) {
			full.addAll(tellThoseWhoStart(sender, post.letter()));
		}
		return new Mail.Posted(post.id(), recipients, full, null);
	}

	// They hear it as well, but would keep everybody waiting
	private List<Integer> tellThoseWhoStart(int sender, Letter letter) {
		List<Integer> full = new ArrayList<>();
		MailFrame frame = MailFrame.of(new Mail.Delivery(sender, 0, letter), this.letters);
		this.boxes.forEach((worker, box) -> {
			if (!box.reads && (frame == null || !box.deliver(frame, letter.size()))) {
				full.add(worker);
			}
		});
		if (frame != null) {
			frame.release();
		}
		return full;
	}

	private @Nullable MailFrame frame(int sender, Mail.Post post) {
		return MailFrame.of(new Mail.Delivery(sender, (post.asks()) ? post.id() : 0, post.letter()), this.letters);
	}

	private @Nullable String refusal(Letter letter) {
		if (!letter.isAllowed()) {
			return "The message or its name is too long";
		}
		if (letter.topic() == null) {
			return null;
		}
		Mail.Delivery before = this.topics.get(letter.topic());
		if (before == null && this.topics.size() == MOST_TOPICS) {
			return "There are %d topics already, and there is no room for one more".formatted(MOST_TOPICS);
		}
		long others = this.kept - ((before != null) ? before.letter().size() : 0);
		return (others + letter.size() > KEPT)
				? "The retained messages of other topics take %d bytes of %d, and there is no room for this one"
					.formatted(others, KEPT)
				: null;
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

	private void keep(int sender, Letter letter) {
		String topic = String.valueOf(letter.topic());
		Mail.Delivery before = this.topics.remove(topic);
		this.topics.put(topic, new Mail.Delivery(sender, 0, letter));
		this.kept += letter.size() - ((before != null) ? before.letter().size() : 0);
	}

	private void answer(int worker, Mail.Answer answer) {
		Box asker = this.boxes.get(answer.asker());
		if (asker == null || !answer.letter().isAllowed()) {
			return;
		}
		MailFrame frame = MailFrame.of(new Mail.Answered(worker, answer.question(), answer.failure(), answer.letter()),
				this.letters);
		boolean fits = frame != null && asker.deliver(frame, answer.letter().size());
		if (frame != null) {
			frame.release();
		}
		if (!fits) {
			asker.tellIfThereIsRoom(new Mail.Answered(worker, answer.question(),
					"too much waits for the worker that asked", answer.letter().empty()));
		}
	}

	/**
	 * What a worker has yet to do with.
	 */
	private static final class Box {

		private final BiConsumer<MailFrame, Runnable> post;

		private final Runnable cutOff;

		private final ByteBudget confirmations = new ByteBudget(CONFIRMATIONS);

		private final AtomicInteger queued = new AtomicInteger();

		private int waiting;

		private boolean asks;

		private boolean reads;

		Box(BiConsumer<MailFrame, Runnable> post, Runnable cutOff) {
			this.post = post;
			this.cutOff = cutOff;
		}

		boolean deliver(MailFrame frame, int size) {
			if (this.waiting + size > WINDOW || this.queued.get() + size > QUEUE) {
				return false;
			}
			this.waiting += size;
			this.queued.addAndGet(size);
			this.post.accept(frame, () -> this.queued.addAndGet(-size));
			return true;
		}

		void taken(int size) {
			this.waiting = Math.max(0, this.waiting - Math.max(0, size));
		}

		void tell(Mail.Incoming mail) {
			if (!tellIfThereIsRoom(mail)) {
				this.cutOff.run();
			}
		}

		boolean tellIfThereIsRoom(Mail.Incoming mail) {
			MailFrame frame = MailFrame.of(mail, this.confirmations);
			if (frame == null) {
				return false;
			}
			this.post.accept(frame, () -> {
			});
			frame.release();
			return true;
		}

	}

}
