package io.clusterboot.lead;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.SchedulingAwareRunnable;
import org.springframework.scheduling.Trigger;
import org.springframework.scheduling.TriggerContext;

/**
 * A method with a cron expression, on whichever worker leads: not again at an instant at
 * which it has run on another. All workers keep their timers, which tell the same
 * instants.
 */
final class CronJob implements SchedulingAwareRunnable, Trigger {

	private final Runnable task;

	private final JobRuns runs;

	private final Trigger trigger;

	private final Clock clock;

	private @Nullable Instant previous;

	private @Nullable Instant next;

	/**
	 * Create a job.
	 * @param task what to do
	 * @param runs when it ran
	 * @param trigger when to do it
	 * @param clock the clock of the scheduler
	 */
	CronJob(Runnable task, JobRuns runs, Trigger trigger, Clock clock) {
		this.task = task;
		this.runs = runs;
		this.trigger = trigger;
		this.clock = clock;
	}

	@Override
	public @Nullable Instant nextExecution(TriggerContext context) {
		Instant instant = this.trigger.nextExecution(context);
		synchronized (this) {
			this.previous = this.next;
			this.next = instant;
		}
		return instant;
	}

	@Override
	public void run() {
		long instant = instant().toEpochMilli();
		this.runs.leader().run((token) -> {
			Long last = this.runs.last();
			if (last == null || instant > last) {
				this.runs.ran(instant);
				this.task.run();
			}
		});
	}

	// A scheduler that has another thread run this may have asked for the next already,
	// and one may be a little early
	private synchronized Instant instant() {
		Instant now = this.clock.instant();
		if (this.next == null) {
			return (this.previous != null) ? this.previous : now;
		}
		return (this.previous != null && distance(this.previous, now).compareTo(distance(this.next, now)) < 0)
				? this.previous : this.next;
	}

	private static Duration distance(Instant one, Instant other) {
		return Duration.between(one, other).abs();
	}

	@Override
	public boolean isLongLived() {
		return this.task instanceof SchedulingAwareRunnable aware && aware.isLongLived();
	}

	@Override
	public @Nullable String getQualifier() {
		return (this.task instanceof SchedulingAwareRunnable aware) ? aware.getQualifier() : null;
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

}
