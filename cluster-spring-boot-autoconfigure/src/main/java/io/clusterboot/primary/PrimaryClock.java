package io.clusterboot.primary;

import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The time by which the primary judges others. Only what it has seen pass counts: while
 * it was stopped itself, by SIGSTOP, in a paused virtual machine or by a long garbage
 * collection, nobody could reach it, and whoever was silent meanwhile is not to blame. It
 * is looked at every second at the least, so if more than {@link #LONGEST} went by since
 * the last look, the primary was stopped and none of that counts. What is left of every
 * deadline then gives those who have waited the time to be heard.
 * <p>
 * Unlike the wall clock it never jumps and never goes back. Times that are shown fall
 * behind the wall clock by what was not seen. May be used by several threads.
 */
public final class PrimaryClock {

	/**
	 * How much time at most counts between two looks.
	 */
	public static final Duration LONGEST = Duration.ofSeconds(2);

	private final LongSupplier nanos;

	private Instant now;

	private long looked;

	/**
	 * Create a clock.
	 * @param start what the time is
	 * @param nanos the nanoseconds that go by, as {@link System#nanoTime()}
	 */
	PrimaryClock(Instant start, LongSupplier nanos) {
		this.nanos = nanos;
		this.now = start;
		this.looked = nanos.getAsLong();
	}

	/**
	 * Look at the clock.
	 * @return the time, never earlier than before
	 */
	synchronized Instant now() {
		long nanos = this.nanos.getAsLong();
		long passed = nanos - this.looked;
		if (passed <= LONGEST.toNanos()) {
			this.now = this.now.plusNanos(passed);
		}
		this.looked = nanos;
		return this.now;
	}

}
