package io.clusterboot.primary;

/**
 * What was said to and heard from one worker, as {@link SimulationInvariants} sees it.
 */
final class ObservedWorker {

	static final long NEVER = Long.MAX_VALUE;

	final int id;

	final int slot;

	final int generation;

	boolean online;

	boolean admitted;

	boolean accepting;

	boolean opened;

	// It asked to leave, or nobody hears it anymore
	boolean left;

	boolean gateClosed;

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

	boolean isReady() {
		return this.accepting || this.opened;
	}

	/**
	 * Return whether it was told to open and not to stop.
	 * @return whether it is in charge of its slot
	 */
	boolean isInCharge() {
		return this.opened && this.drainedAt == NEVER && this.killedAt == NEVER && !this.left;
	}

	boolean isServing() {
		return isInCharge() && this.accepting;
	}

	@Override
	public String toString() {
		return "worker " + this.id;
	}

}
