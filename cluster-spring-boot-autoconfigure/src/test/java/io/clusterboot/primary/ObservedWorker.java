package io.clusterboot.primary;

import io.clusterboot.WorkerIdentity;

/**
 * What was said to and heard from one worker, as {@link SimulationInvariants} sees it.
 */
final class ObservedWorker {

	static final long NEVER = Long.MAX_VALUE;

	final int id;

	int slot;

	final int generation;

	boolean online;

	boolean admitted;

	boolean accepting;

	boolean opened;

	// It asked to leave, or nobody hears it anymore
	boolean left;

	boolean gateClosed;

	boolean unhealthy;

	// Without it it cannot serve, and not drain either
	boolean socketless;

	// It could not adopt and is not asked before
	long adoptsFrom;

	// When it was asked what its threads do because it was not heard
	long hungAt = NEVER;

	// When it last gave a sign of life, from when it was ready on
	long heardAt = NEVER;

	// When it last was not ready
	long notReadyAt;

	long drainedAt = NEVER;

	long channelEndedAt = NEVER;

	long terminatedAt = NEVER;

	long killedAt = NEVER;

	ObservedWorker(int id, int slot, int generation, long now) {
		this.id = id;
		this.slot = slot;
		this.generation = generation;
		this.notReadyAt = now;
	}

	void heard(long now) {
		if (this.heardAt != NEVER && !isEnding()) {
			this.hungAt = NEVER;
			this.heardAt = now;
		}
	}

	boolean isReady() {
		return this.accepting || this.opened;
	}

	/**
	 * Return whether it was told to open and not to stop.
	 * @return whether it is in charge of its slot
	 */
	boolean isInCharge() {
		return this.opened && this.drainedAt == NEVER && this.killedAt == NEVER && !this.left && !this.socketless;
	}

	boolean isEnding() {
		return this.drainedAt != NEVER || this.killedAt != NEVER;
	}

	boolean isSpare() {
		return this.slot == WorkerIdentity.NO_SLOT;
	}

	boolean isServing() {
		return isInCharge() && this.accepting && this.hungAt == NEVER;
	}

	@Override
	public String toString() {
		return "worker " + this.id;
	}

}
