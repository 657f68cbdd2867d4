package io.clusterboot.primary;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * What the primary's loop has yet to hear, each event with the time at which it came: a
 * heartbeat that waits because the loop is busy must not make its worker look silent.
 */
final class EventQueue {

	/**
	 * How long nobody looks at the clock, at most.
	 */
	static final Duration SLICE = Duration.ofSeconds(1);

	private final PrimaryClock clock;

	private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();

	EventQueue(PrimaryClock clock) {
		this.clock = clock;
	}

	/**
	 * Add an event. Any thread may do so.
	 * @param event what happens now
	 */
	synchronized void add(PrimaryEvent event) {
		this.arrivals.add(new Arrival(event, this.clock.now()));
	}

	/**
	 * Wait for the next event.
	 * @param deadline when a {@link PrimaryEvent.Tick} is due if nothing else happens
	 * before, or {@code null} for never
	 * @return the event, never earlier than the one before
	 * @throws InterruptedException if the thread is interrupted
	 */
	Arrival take(@Nullable Instant deadline) throws InterruptedException {
		Arrival next = next(deadline);
		while (next == null) {
			next = this.arrivals.poll(patience(deadline), TimeUnit.MILLISECONDS);
			next = (next != null) ? next : next(deadline);
		}
		return next;
	}

	private synchronized @Nullable Arrival next(@Nullable Instant deadline) {
		Arrival arrival = this.arrivals.poll();
		Instant now = this.clock.now();
		if (arrival == null && deadline != null && !deadline.isAfter(now)) {
			return new Arrival(new PrimaryEvent.Tick(), now);
		}
		return arrival;
	}

	private long patience(@Nullable Instant deadline) {
		Duration left = (deadline != null) ? Duration.between(this.clock.now(), deadline) : SLICE;
		return Math.min(left.toMillis() + 1, SLICE.toMillis());
	}

	/**
	 * An event and its time.
	 *
	 * @param event what happened
	 * @param time when
	 */
	record Arrival(PrimaryEvent event, Instant time) {

	}

}
