package io.clusterboot.channel;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What workers say to each other. The primary passes it on.
 */
public sealed interface Mail extends Message {

	/**
	 * From a worker.
	 */
	sealed interface Outgoing extends Mail, Message.FromWorker {

	}

	/**
	 * To a worker.
	 */
	sealed interface Incoming extends Mail, Message.FromPrimary {

	}

	/**
	 * A letter to be delivered, confirmed by {@link Posted} unless one worker is asked
	 * and gets it.
	 *
	 * @param id its number, among those of the same sender
	 * @param target the worker that it is for, or {@link #ALL}
	 * @param asks whether each of those that get it is to send an {@link Answer}
	 * @param letter the letter
	 */
	record Post(long id, int target, boolean asks, Letter letter) implements Outgoing {

		/**
		 * Everybody who is there, instead of the id of one worker.
		 */
		public static final int ALL = 0;

	}

	/**
	 * What a worker answers to a letter that asks.
	 *
	 * @param asker whose letter it was
	 * @param question the letter's number
	 * @param failure why there is no answer, or {@code null} if there is
	 * @param letter the answer
	 */
	record Answer(int asker, long question, @Limit(Limit.SENTENCE) @Nullable String failure,
			Letter letter) implements Outgoing {

	}

	/**
	 * The worker has done with letters and answers, so there is room for others.
	 *
	 * @param bytes the sum of their sizes
	 */
	record Taken(int bytes) implements Outgoing {

	}

	/**
	 * The worker's application runs and can answer questions that are for all.
	 */
	record Reads() implements Outgoing {

	}

	/**
	 * What became of a {@link Post}.
	 *
	 * @param id the number of the letter
	 * @param recipients who gets it
	 * @param full who does not, because too much waits for them already
	 * @param refusal why nobody gets it, or {@code null} if there is another reason
	 */
	record Posted(long id, List<Integer> recipients, List<Integer> full,
			@Limit(Limit.SENTENCE) @Nullable String refusal) implements Incoming {

		public Posted {
			recipients = List.copyOf(recipients);
			full = List.copyOf(full);
		}

	}

	/**
	 * A letter.
	 *
	 * @param sender whose it is
	 * @param question its number if it asks, otherwise 0
	 * @param letter the letter
	 */
	record Delivery(int sender, long question, Letter letter) implements Incoming {

	}

	/**
	 * An answer.
	 *
	 * @param worker who answers
	 * @param question the number of the letter that asked
	 * @param failure why there is no answer, or {@code null} if there is
	 * @param letter the answer
	 */
	record Answered(int worker, long question, @Limit(Limit.SENTENCE) @Nullable String failure,
			Letter letter) implements Incoming {

	}

	/**
	 * A worker is gone and answers nothing any more.
	 *
	 * @param worker the worker
	 */
	record Left(int worker) implements Incoming {

	}

	/**
	 * The letters that were kept for a new worker have all been sent.
	 */
	record CaughtUp() implements Incoming {

	}

}
