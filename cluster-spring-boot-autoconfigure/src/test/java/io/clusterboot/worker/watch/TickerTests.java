package io.clusterboot.worker.watch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Ticker}.
 */
@Timeout(60)
class TickerTests {

	private final List<Long> ticks = new CopyOnWriteArrayList<>();

	@Test
	void taskIsRunEachSecondWhateverItThrows() {
		Ticker.start("ticker-test", () -> {
			assertThat(Thread.currentThread().isDaemon()).isTrue();
			this.ticks.add(System.nanoTime());
			if (this.ticks.size() == 1) {
				throw new IllegalStateException("Once");
			}
			if (this.ticks.size() == 2) {
				throw new OutOfMemoryError("Once more");
			}
		});
		Awaitility.await().until(() -> this.ticks.size() == 3);
	}

	@Test
	void secondsThatWereMissedAreNotMadeUpFor() {
		CountDownLatch release = new CountDownLatch(1);
		Ticker.start("ticker-test", () -> {
			if (this.ticks.isEmpty()) {
				awaitUninterrupted(release);
				Thread.currentThread().interrupt();
			}
			this.ticks.add(System.nanoTime());
		});
		Awaitility.await().during(Duration.ofSeconds(4)).until(this.ticks::isEmpty);
		release.countDown();
		Awaitility.await().until(() -> this.ticks.size() == 4);
		assertThat(this.ticks.get(2) - this.ticks.get(1)).isGreaterThan(900_000_000L);
		assertThat(this.ticks.get(3) - this.ticks.get(2)).isGreaterThan(900_000_000L);
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
