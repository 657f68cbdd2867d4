package io.clusterboot.lead;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.LastRuns;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What this worker runs once per cluster by the time, and when that last ran. Where there
 * are such jobs they are woken on a thread of their own whenever this worker begins to
 * lead: what listens to that may take its time.
 */
final class Jobs implements Runnable {

	private static final Log logger = LogFactory.getLog(Jobs.class);

	private final WorkerLeader leader;

	private final Consumer<Message> send;

	private final List<PeriodicJob> jobs = new ArrayList<>();

	private final LastRuns runs = new LastRuns();

	private boolean begun;

	private boolean started;

	Jobs(WorkerLeader leader, Consumer<Message> send) {
		this.leader = leader;
		this.send = send;
	}

	/**
	 * Have a job wait until it is due, whenever this worker leads.
	 * @param job the job
	 */
	void add(PeriodicJob job) {
		synchronized (this) {
			this.jobs.removeIf(PeriodicJob::isDone);
			this.jobs.add(job);
			start();
		}
		if (this.leader.isLeader()) {
			job.await();
		}
	}

	/**
	 * This worker leads for the first time, or is about to.
	 */
	synchronized void begin() {
		this.begun = true;
		start();
	}

	private void start() {
		if (this.begun && !this.started && !this.jobs.isEmpty()) {
			this.started = WorkerLeader.start("cluster-lead-jobs", this);
		}
	}

	@Override
	public void run() {
		try {
			long token = 0;
			while (true) {
				token = this.leader.awaitChange(token);
				if (token != 0) {
					all().forEach(PeriodicJob::await);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized List<PeriodicJob> all() {
		return List.copyOf(this.jobs);
	}

	synchronized void hears(Leading.LastRun run) {
		this.runs.ran(run.job(), run.time());
	}

	/**
	 * Return when a job last ran, in whichever worker.
	 * @param job its name
	 * @return when, or {@code null} if that is not known
	 */
	synchronized @Nullable Long lastRun(String job) {
		return this.runs.of(job);
	}

	/**
	 * A job is about to run, or has run, in this worker.
	 * @param job its name
	 * @param time when
	 */
	void ran(String job, long time) {
		synchronized (this) {
			this.runs.ran(job, time);
		}
		try {
			this.send.accept(new Leading.Ran(job, time));
		}
		catch (RuntimeException ex) {
			logger.debug("The primary was not told", ex);
		}
	}

}
