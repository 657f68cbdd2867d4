package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

import io.clusterboot.primary.PrimaryClock;

/**
 * The world's time, what is to happen in it, and the time by which the primary judges,
 * which stands still while the primary is stopped for longer than {@link PrimaryClock}
 * believes.
 */
final class SimulatedTime {

	private static final int LATEST_TICK_MILLIS = 1900;

	private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();

	private final RandomGenerator random;

	private final boolean lateTicks;

	private long now;

	private long scheduled;

	// Steps that are no sign of anything going on
	private int background;

	// By which the primary's time is behind
	private long lost;

	private Instant deadline;

	private int lateness;

	SimulatedTime(RandomGenerator random, boolean lateTicks) {
		this.random = random;
		this.lateTicks = lateTicks;
	}

	long now() {
		return this.now;
	}

	/**
	 * Return how many steps were scheduled so far.
	 * @return a number that grows
	 */
	long scheduled() {
		return this.scheduled;
	}

	/**
	 * Return what the primary takes for the time.
	 * @return its time in milliseconds
	 */
	long ofPrimary() {
		return this.now - this.lost;
	}

	void later(long millis, Runnable step) {
		this.queue.add(new Scheduled(this.now + millis, this.scheduled++, step));
	}

	/**
	 * Have something happen that goes on for ever.
	 * @param millis when
	 * @param step what
	 */
	void inBackground(long millis, Runnable step) {
		this.background++;
		later(millis, () -> {
			this.background--;
			step.run();
		});
	}

	/**
	 * Return whether nothing goes on.
	 * @return whether all that will happen is in the background
	 */
	boolean isIdle() {
		return this.queue.size() == this.background;
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	/**
	 * Return whether nothing happens before a deadline of the primary's.
	 * @param deadline the deadline
	 * @return whether it has come
	 */
	boolean isDue(Instant deadline) {
		return isNext(deadline.toEpochMilli() + this.lost);
	}

	/**
	 * Return whether nothing happens before the primary notices a deadline.
	 * @param deadline the deadline
	 * @return whether it looks at the clock
	 */
	boolean isNoticed(Instant deadline) {
		if (!deadline.equals(this.deadline)) {
			this.deadline = deadline;
			this.lateness = (this.lateTicks && this.random.nextBoolean()) ? this.random.nextInt(LATEST_TICK_MILLIS) : 0;
		}
		return isNext(deadline.toEpochMilli() + this.lost + this.lateness);
	}

	private boolean isNext(long time) {
		return this.queue.isEmpty() || time <= this.queue.peek().time();
	}

	void goToJustBefore(Instant deadline) {
		this.now = Math.max(this.now, deadline.toEpochMilli() + this.lost - 1);
	}

	/**
	 * Go on to when the primary {@link #isNoticed notices} the deadline.
	 */
	void goToTick() {
		this.now = Math.max(this.now, this.deadline.toEpochMilli() + this.lost + this.lateness);
	}

	void goOn() {
		Scheduled next = this.queue.remove();
		this.now = next.time();
		next.step().run();
	}

	/**
	 * The primary did not run for a time.
	 * @param millis how long
	 */
	void missed(long millis) {
		if (millis > PrimaryClock.LONGEST.toMillis()) {
			this.lost += millis;
		}
	}

	/**
	 * Something that will happen; what is scheduled first for a time happens first.
	 */
	private record Scheduled(long time, long order, Runnable step) implements Comparable<Scheduled> {

		@Override
		public int compareTo(Scheduled other) {
			int result = Long.compare(this.time, other.time);
			return (result != 0) ? result : Long.compare(this.order, other.order);
		}

	}

}
