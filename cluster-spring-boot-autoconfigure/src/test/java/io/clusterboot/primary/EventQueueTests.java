package io.clusterboot.primary;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventQueue}.
 */
@Timeout(30)
class EventQueueTests {

	private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

	private static final PrimaryEvent EVENT = new PrimaryEvent.Started();

	private final AtomicLong nanos = new AtomicLong();

	private final AtomicLong looks = new AtomicLong();

	private final EventQueue events = new EventQueue(new PrimaryClock(START, () -> {
		this.looks.incrementAndGet();
		return this.nanos.get();
	}));

	@Test
	void takeWhenEventsHaveWaitedGivesEachTheTimeAtWhichItCame() throws Exception {
		pass(Duration.ofSeconds(1));
		this.events.add(EVENT);
		pass(Duration.ofSeconds(1));
		this.events.add(new PrimaryEvent.WorkerForked(1, 2));
		pass(Duration.ofSeconds(2));
		assertThat(this.events.take(START.plusMillis(1500))).isEqualTo(at(1, EVENT));
		assertThat(this.events.take(START.plusMillis(1500))).isEqualTo(at(2, new PrimaryEvent.WorkerForked(1, 2)));
		assertThat(this.events.take(START.plusMillis(1500))).isEqualTo(at(4, new PrimaryEvent.Tick()));
	}

	@Test
	void whatAWorkerSaysWaitsUntilItIsHeard() throws Exception {
		PrimaryEvent message = new PrimaryEvent.MessageReceived(1, new Message.GateClosed());
		CompletableFuture<Void> worker = CompletableFuture.runAsync(() -> {
			this.events.add(message);
			this.events.add(message);
		});
		assertThat(this.events.take(null).event()).isEqualTo(message);
		assertThat(worker).isNotDone();
		// no deadline would mean to wait for the second
		assertThat(this.events.take(null).event()).isEqualTo(message);
		assertThat(worker).isNotDone();
		this.events.add(EVENT);
		assertThat(this.events.take(null).event()).isEqualTo(EVENT);
		assertThat(worker).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void takeWhenNothingHappensUntilTheDeadlineIsATick() throws Exception {
		CompletableFuture<EventQueue.Arrival> taken = take(START.plusMillis(1500));
		pass(Duration.ofMillis(1499));
		assertNothingIsTaken(taken);
		pass(Duration.ofMillis(1));
		assertThat(taken.get(5, TimeUnit.SECONDS))
			.isEqualTo(new EventQueue.Arrival(new PrimaryEvent.Tick(), START.plusMillis(1500)));
	}

	@Test
	void takeWhenStoppedUntilAfterTheDeadlineWaitsForWhatWasLeftOfIt() throws Exception {
		CompletableFuture<EventQueue.Arrival> taken = take(START.plusMillis(1500));
		pass(Duration.ofSeconds(90));
		assertNothingIsTaken(taken);
		this.events.add(EVENT);
		assertThat(taken.get(5, TimeUnit.SECONDS)).isEqualTo(at(0, EVENT));
	}

	@Test
	void takeWhenThereIsNoDeadlineLooksAtTheClockOnceASecond() throws Exception {
		CompletableFuture<EventQueue.Arrival> taken = take(null);
		long start = System.nanoTime();
		long before = this.looks.get();
		Awaitility.await().until(() -> this.looks.get() >= before + 2);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1500));
		this.events.add(EVENT);
		assertThat(taken.get(5, TimeUnit.SECONDS).event()).isEqualTo(EVENT);
	}

	private void pass(Duration time) {
		this.nanos.addAndGet(time.toNanos());
	}

	private CompletableFuture<EventQueue.Arrival> take(Instant deadline) {
		CompletableFuture<EventQueue.Arrival> taken = CompletableFuture.supplyAsync(() -> {
			try {
				return this.events.take(deadline);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		});
		Awaitility.await().until(() -> this.looks.get() > 1);
		return taken;
	}

	// Beyond a slice
	private void assertNothingIsTaken(CompletableFuture<?> taken) {
		Awaitility.await().during(Duration.ofMillis(2500)).atMost(Duration.ofSeconds(5)).until(() -> !taken.isDone());
	}

	private static EventQueue.Arrival at(int second, PrimaryEvent event) {
		return new EventQueue.Arrival(event, START.plusSeconds(second));
	}

}
