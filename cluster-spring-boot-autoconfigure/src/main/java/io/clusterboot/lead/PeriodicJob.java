package io.clusterboot.lead;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;
import org.springframework.core.task.TaskRejectedException;
import org.springframework.scheduling.SchedulingAwareRunnable;
import org.springframework.scheduling.TaskScheduler;

/**
 * A method with a fixed rate or delay, on whichever worker leads: due one period after it
 * last was, wherever that has been. Where this worker does not lead it waits for nothing;
 * a leader that finds it overdue runs it at once.
 */
final class PeriodicJob implements SchedulingAwareRunnable, ScheduledFuture<Object> {

	private static final Log logger = LogFactory.getLog(PeriodicJob.class);

	// Beyond it a time could pass for one in the past
	private static final long LONGEST = Long.MAX_VALUE / 4;

	private final Runnable task;

	private final JobRuns runs;

	private final TaskScheduler scheduler;

	private final boolean atFixedRate;

	private final long period;

	// When it is due if it has never run in this cluster
	private final long first;

	private final LongSupplier clock;

	private final CompletableFuture<Object> end = new CompletableFuture<>();

	private @Nullable ScheduledFuture<?> next;

	private boolean running;

	/**
	 * Create a job that waits for this worker to lead.
	 * @param task what to do
	 * @param runs when it ran
	 * @param scheduler does it
	 * @param atFixedRate whether the period is from beginning to beginning, not from the
	 * end
	 * @param delay how long the first run of all waits
	 * @param period the period
	 * @param clock nanoseconds of a clock that all workers share
	 */
	PeriodicJob(Runnable task, JobRuns runs, TaskScheduler scheduler, boolean atFixedRate, Duration delay,
			Duration period, LongSupplier clock) {
		this.task = task;
		this.runs = runs;
		this.scheduler = scheduler;
		this.atFixedRate = atFixedRate;
		this.period = nanos(period);
		this.first = clock.getAsLong() + nanos(delay);
		this.clock = clock;
	}

	private static long nanos(Duration duration) {
		return Math.min(TimeUnit.NANOSECONDS.convert(duration), LONGEST);
	}

	/**
	 * Wait until it is due, because this worker leads.
	 */
	synchronized void await() {
		if (this.running || isCancelled()) {
			return;
		}
		if (this.next != null) {
			this.next.cancel(false);
		}
		long wait = Math.max(due() - this.clock.getAsLong(), 0);
		try {
			this.next = this.scheduler.schedule(this, this.scheduler.getClock().instant().plusNanos(wait));
		}
		catch (TaskRejectedException ex) {
			logger.debug(LogMessage.format("%s runs no more here: the scheduler has ended", this), ex);
		}
	}

	private long due() {
		Long last = this.runs.last();
		return (last != null) ? last + this.period : this.first;
	}

	@Override
	public void run() {
		if (begin()) {
			try {
				this.runs.leader().run((token) -> runIfDue());
			}
			finally {
				end();
			}
		}
	}

	private synchronized boolean begin() {
		boolean begins = !this.running && !isCancelled();
		this.running |= begins;
		return begins;
	}

	private synchronized void end() {
		this.running = false;
		// Else it waits for this worker to lead again
		if (this.runs.leader().isLeader()) {
			await();
		}
	}

	private void runIfDue() {
		long now = this.clock.getAsLong();
		long late = now - due();
		if (late < 0) {
			return;
		}
		// One run makes up for what was missed, and later ones keep the rhythm
		this.runs.ran((this.atFixedRate) ? now - late % this.period : now);
		try {
			this.task.run();
		}
		finally {
			if (!this.atFixedRate) {
				this.runs.ran(this.clock.getAsLong());
			}
		}
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
	public synchronized long getDelay(TimeUnit unit) {
		return (this.next != null) ? this.next.getDelay(unit) : 0;
	}

	@Override
	public int compareTo(Delayed other) {
		return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
	}

	@Override
	public synchronized boolean cancel(boolean mayInterruptIfRunning) {
		if (this.next != null) {
			this.next.cancel(mayInterruptIfRunning);
		}
		return this.end.cancel(mayInterruptIfRunning);
	}

	@Override
	public boolean isCancelled() {
		return this.end.isCancelled();
	}

	@Override
	public boolean isDone() {
		return this.end.isDone();
	}

	@Override
	public Object get() throws InterruptedException, ExecutionException {
		return this.end.get();
	}

	@Override
	public Object get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		return this.end.get(timeout, unit);
	}

	@Override
	public String toString() {
		return this.task.toString();
	}

}
