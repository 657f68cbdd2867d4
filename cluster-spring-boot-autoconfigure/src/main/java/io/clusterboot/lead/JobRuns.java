package io.clusterboot.lead;

import org.jspecify.annotations.Nullable;

/**
 * When one job ran, in whichever worker.
 *
 * @param leader knows, and tells the worker that leads next
 * @param job the job's name
 */
record JobRuns(WorkerLeader leader, String job) {

	@Nullable Long last() {
		return this.leader.jobs().lastRun(this.job);
	}

	void ran(long time) {
		this.leader.jobs().ran(this.job, time);
	}

}
