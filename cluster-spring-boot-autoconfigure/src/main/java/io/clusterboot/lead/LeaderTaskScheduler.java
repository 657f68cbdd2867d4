package io.clusterboot.lead;

import java.lang.reflect.Method;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;

import io.clusterboot.contract.LastRuns;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.Trigger;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Schedules methods that run once per cluster by when they last ran there, and everything
 * else as another scheduler does.
 */
final class LeaderTaskScheduler implements TaskScheduler {

	private final TaskScheduler scheduler;

	private final WorkerLeader leader;

	private final OncePointcut once;

	private final Map<String, Integer> names = new HashMap<>();

	/**
	 * Create a scheduler.
	 * @param scheduler runs everything
	 * @param leader knows when to run what runs once
	 * @param once knows what that is
	 */
	LeaderTaskScheduler(TaskScheduler scheduler, WorkerLeader leader, OncePointcut once) {
		this.scheduler = scheduler;
		this.leader = leader;
		this.once = once;
	}

	@Override
	public Clock getClock() {
		return this.scheduler.getClock();
	}

	@Override
	public @Nullable ScheduledFuture<?> schedule(Runnable task, Trigger trigger) {
		if (!isOnce(task)) {
			return this.scheduler.schedule(task, trigger);
		}
		CronJob job = new CronJob(task, runs("cron", task), trigger, getClock());
		return this.scheduler.schedule(job, job);
	}

	@Override
	public ScheduledFuture<?> schedule(Runnable task, Instant startTime) {
		return this.scheduler.schedule(task, startTime);
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Instant startTime, Duration period) {
		return (isOnce(task)) ? schedule(task, true, startTime, period)
				: this.scheduler.scheduleAtFixedRate(task, startTime, period);
	}

	@Override
	public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, Duration period) {
		return (isOnce(task)) ? schedule(task, true, getClock().instant(), period)
				: this.scheduler.scheduleAtFixedRate(task, period);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Instant startTime, Duration delay) {
		return (isOnce(task)) ? schedule(task, false, startTime, delay)
				: this.scheduler.scheduleWithFixedDelay(task, startTime, delay);
	}

	@Override
	public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, Duration delay) {
		return (isOnce(task)) ? schedule(task, false, getClock().instant(), delay)
				: this.scheduler.scheduleWithFixedDelay(task, delay);
	}

	private ScheduledFuture<?> schedule(Runnable task, boolean atFixedRate, Instant start, Duration period) {
		if (period.isNegative() || period.isZero()) {
			throw new IllegalArgumentException("The period of " + task + " must be positive");
		}
		PeriodicJob job = new PeriodicJob(task, runs("periodic", task), this.scheduler, atFixedRate,
				Duration.between(getClock().instant(), start), period, System::nanoTime);
		this.leader.jobs().add(job);
		return job;
	}

	// Spring wraps what calls a method, but leaves it its name
	private boolean isOnce(Runnable task) {
		String name = task.toString();
		int dot = name.lastIndexOf('.');
		if (dot < 0) {
			return false;
		}
		try {
			Class<?> type = ClassUtils.forName(name.substring(0, dot), null);
			Method method = ReflectionUtils.findMethod(type, name.substring(dot + 1));
			return method != null && this.once.getClassFilter().matches(type) && this.once.matches(method, type);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return false;
		}
	}

	// A method may be scheduled several times, and in several beans
	private synchronized JobRuns runs(String kind, Runnable task) {
		String name = kind + " " + task;
		int number = this.names.merge(name, 1, Integer::sum);
		String job = name + " " + number;
		return new JobRuns(this.leader, job.substring(Math.max(0, job.length() - LastRuns.LONGEST_NAME)));
	}

}
