package io.clusterboot.actuate.access;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Answers questions that cost the same however many they are. Those that come while
 * others are answered wait for the next round, which answers all of them: no answer is
 * older than its question. Whoever asks without a pause gets a small share of one
 * processor for all rounds together.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
final class Rounds<Q, A> {

	// One tenth of one processor
	private static final int SHARE = 10;

	// So a few questions after one another need not wait, also where a look takes long
	// because the processors are busy
	private static final long ADVANCE = Duration.ofSeconds(5).toNanos();

	private final Function<Set<Q>, Map<Q, A>> look;

	private final LongSupplier clock;

	private final LongConsumer pause;

	// Held by whoever answers
	private final Lock turn = new ReentrantLock();

	private Round<Q, A> next = new Round<>();

	// The time until which the share has been used up, by the clock
	private long used;

	/**
	 * Create rounds.
	 * @param look answers questions, never two times at once
	 */
	Rounds(Function<Set<Q>, Map<Q, A>> look) {
		this(look, System::nanoTime, LockSupport::parkNanos);
	}

	Rounds(Function<Set<Q>, Map<Q, A>> look, LongSupplier clock, LongConsumer pause) {
		this.look = look;
		this.clock = clock;
		this.pause = pause;
		this.used = clock.getAsLong();
	}

	/**
	 * Ask in the next round.
	 * @param question the question
	 * @return the answer or {@code null} if there is none
	 */
	@Nullable A ask(Q question) {
		Round<Q, A> round = join(question);
		this.turn.lock();
		try {
			if (round.answers == null) {
				answer(round);
			}
			return round.answers.get(question);
		}
		finally {
			this.turn.unlock();
		}
	}

	private synchronized Round<Q, A> join(Q question) {
		this.next.questions.add(question);
		return this.next;
	}

	private synchronized void close(Round<Q, A> round) {
		if (this.next == round) {
			this.next = new Round<>();
		}
	}

	private void answer(Round<Q, A> round) {
		long early = this.used - ADVANCE - this.clock.getAsLong();
		if (early > 0) {
			this.pause.accept(early);
		}
		close(round);
		long begin = this.clock.getAsLong();
		try {
			round.answers = this.look.apply(round.questions);
		}
		finally {
			long end = this.clock.getAsLong();
			this.used = ((this.used - begin > 0) ? this.used : begin) + (end - begin) * SHARE;
		}
	}

	/**
	 * Questions that are answered together.
	 *
	 * @param <Q> what is asked
	 * @param <A> what is answered
	 */
	private static final class Round<Q, A> {

		private final Set<Q> questions = new HashSet<>();

		private @Nullable Map<Q, A> answers;

	}

}
