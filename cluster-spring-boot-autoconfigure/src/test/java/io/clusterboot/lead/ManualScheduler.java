package io.clusterboot.lead;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;

import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A scheduler whose time goes on when it is told to, for one task at a time.
 */
class ManualScheduler implements TaskScheduler {

	private final Map<Instant, Runnable> tasks = new TreeMap<>(Comparator.naturalOrder());

	private Instant now = Instant.parse("2026-11-20T10:00:00Z");

	/**
	 * Let time pass, and run what is due.
	 * @param duration how much
	 */
	void pass(Duration duration) {
		Instant end = this.now.plus(duration);
		for (int runs = 0; !this.tasks.isEmpty() && !this.tasks.keySet().iterator().next().isAfter(end); runs++) {
			assertThat(runs).as("runs").isLessThan(1000);
			Instant first = this.tasks.keySet().iterator().next();
			this.now = (first.isAfter(this.now)) ? first : this.now;
			this.tasks.remove(first).run();
		}
		this.now = end;
	}

	/**
	 * Let time pass while a task runs.
	 * @param duration how much
	 */
	void busy(Duration duration) {
		this.now = this.now.plus(duration);
	}

	long nanos() {
		return Duration.between(Instant.EPOCH, this.now).toNanos();
	}

	Duration since(Instant start) {
		return Duration.between(start, this.now);
	}

	@Override
	public Clock getClock() {
		return Clock.fixed(this.now, ZoneOffset.UTC);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		this.tasks.put(startTime, task);
		ScheduledFuture<?> future = Mockito.mock();
		BDDMockito.given(future.cancel(BDDMockito.anyBoolean()))
			.willAnswer((invocation) -> this.tasks.remove(startTime, task));
		return future;
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		throw new UnsupportedOperationException();
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		throw new UnsupportedOperationException();
	}

}
