package io.clusterboot.primary;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.clusterboot.contract.PrimaryEvent;
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

	private final BlockingQueue<Entry> entries = new LinkedBlockingQueue<>();

	// Whose event is being heard, known to the thread that takes only
	private @Nullable Entry taken;

	EventQueue(PrimaryClock clock) {
		this.clock = clock;
	}

	/**
	 * Add an event. Any thread may do so. One that brings a worker's message waits until
	 * that has been heard, and reads no other meanwhile: so many workers that have much
	 * to say, or one that says it without end, fill no memory here.
	 * @param event what happens now
	 */
	void add(PrimaryEvent event) {
		Entry entry = enter(event);
		if (event instanceof PrimaryEvent.MessageReceived) {
			try {
				entry.heard().await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private synchronized Entry enter(PrimaryEvent event) {
		Entry entry = new Entry(new Arrival(event, this.clock.now()), new CountDownLatch(1));
		this.entries.add(entry);
		return entry;
	}

	/**
	 * Wait for the next event. The one before has been heard.
	 * @param deadline when a {@link PrimaryEvent.Tick} is due if nothing else happens
	 * before, or {@code null} for never
	 * @return the event, never earlier than the one before
	 * @throws InterruptedException if the thread is interrupted
	 */
	Arrival take(@Nullable Instant deadline) throws InterruptedException {
		if (this.taken != null) {
			this.taken.heard().countDown();
		}
		Entry next = next(deadline);
		while (next == null) {
			next = this.entries.poll(patience(deadline), TimeUnit.MILLISECONDS);
			next = (next != null) ? next : next(deadline);
		}
		this.taken = next;
		return next.arrival();
	}

	private synchronized @Nullable Entry next(@Nullable Instant deadline) {
		Entry entry = this.entries.poll();
		Instant now = this.clock.now();
		if (entry == null && deadline != null && !deadline.isAfter(now)) {
			return new Entry(new Arrival(new PrimaryEvent.Tick(), now), new CountDownLatch(1));
		}
		return entry;
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

	private record Entry(Arrival arrival, CountDownLatch heard) {

	}

}
