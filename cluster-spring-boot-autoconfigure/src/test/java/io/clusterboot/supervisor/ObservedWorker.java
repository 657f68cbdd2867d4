package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.Collection;

import io.clusterboot.WorkerMetrics;
import io.clusterboot.contract.WorkerIdentity;

/**
 * What was said to and heard from one worker, as {@link SimulationInvariants} sees it.
 */
final class ObservedWorker {

	static final long NEVER = Long.MAX_VALUE;

	static final long LIMIT = 5000;

	private static final long SILENCE = 3000;

	final int id;

	int slot;

	final int generation;

	// It was forked to take somebody's place or to bring a generation
	boolean replaces;

	// It was forked for a slot that nobody had
	boolean fillsVacancy;

	boolean online;

	boolean admitted;

	// Its web server is up
	boolean listening;

	boolean accepting;

	// When its application was first ready
	long preparedAt = NEVER;

	boolean opened;

	long openedAt = NEVER;

	// It may be told to open again
	boolean parked;

	// Who had its slot before has it back
	boolean superseded;

	// It was told to serve whether or not it is ready
	boolean failOpen;

	// It was told so at some time
	boolean failedOpen;

	// It asked to leave, or nobody hears it anymore
	boolean left;

	// Nobody told it to, or can
	boolean endsByItself;

	boolean gateClosed;

	boolean unhealthy;

	// Without it it cannot serve, and not drain either
	boolean socketless;

	// It could not adopt and is not asked before
	long adoptsFrom;

	// When it was asked what its threads do because it was not heard
	long hungAt = NEVER;

	// When patience with it ends, if it hangs
	long speaksBy = NEVER;

	// When it is taken to hang unless it is heard before, from when it was ready on
	long hangsAt = NEVER;

	// When it is killed, at the earliest and latest, if it is not ready
	long startsAfter;

	long startsBy;

	private long startTimeout;

	private long longestStartTimeout;

	private long forkedAt;

	private int beans;

	long drainedAt = NEVER;

	// When it is sent SIGTERM
	long drainsBy = NEVER;

	// When it is killed because its requests have ended and it has not
	long closesBy = NEVER;

	// When it is killed if it does not say why it is not ready
	long explainsBy = NEVER;

	// What it said then
	String explanation;

	long terminatedAt = NEVER;

	long killedAt = NEVER;

	long killedAgainAt = NEVER;

	// It was killed for a reason, and not only because it ended too slowly
	boolean killedForReason;

	double load;

	private WorkerMetrics metrics = WorkerMetrics.NONE;

	private long measuredAt = NEVER;

	ObservedWorker(int id, int slot, int generation) {
		this.id = id;
		this.slot = slot;
		this.generation = generation;
	}

	/**
	 * It was forked.
	 * @param timeout after how long it is killed at the earliest if it is not ready
	 * @param longest and at the latest
	 * @param now the time
	 */
	void forked(long timeout, long longest, long now) {
		this.forkedAt = now;
		this.startTimeout = timeout;
		this.longestStartTimeout = longest;
		this.startsAfter = now + timeout;
		this.startsBy = now + longest;
	}

	/**
	 * It says how far its start has come.
	 * @param beans how many beans it has made
	 * @param now the time
	 */
	void progressed(int beans, long now) {
		if (beans > this.beans && isStarting() && this.explainsBy == NEVER) {
			this.beans = beans;
			this.startsAfter = Math.min(now + this.startTimeout, this.forkedAt + 5 * this.startTimeout);
			this.startsBy = Math.min(now + this.longestStartTimeout, this.forkedAt + 5 * this.longestStartTimeout);
		}
	}

	/**
	 * Return whether it takes processor time to get ready.
	 * @return whether it starts
	 */
	boolean isStarting() {
		return this.preparedAt == NEVER && !isEnding();
	}

	/**
	 * It says what it does.
	 * @param metrics what it does
	 * @param now the time
	 */
	void measured(WorkerMetrics metrics, long now) {
		Duration busy = metrics.requestTimes().total().minus(this.metrics.requestTimes().total());
		double passed = (this.measuredAt != NEVER) ? Math.max(now - this.measuredAt, 100) : 1000;
		this.load = (this.load + Math.max(metrics.requestsInFlight(), busy.toMillis() / passed)) / 2;
		this.metrics = metrics;
		this.measuredAt = now;
	}

	/**
	 * It was heard.
	 * @param hangTimeout how long it may be silent from now on
	 * @param now the time
	 */
	void heard(Duration hangTimeout, long now) {
		if (this.hangsAt != NEVER && !isEnding()) {
			this.hungAt = NEVER;
			this.hangsAt = now + hangTimeout.toMillis();
		}
	}

	void endsByItself(Duration drainTimeout, long now) {
		if (!isEnding()) {
			this.endsByItself = true;
			drainsBy(drainTimeout, now);
		}
	}

	void drainsBy(Duration drainTimeout, long now) {
		this.drainsBy = now + drainTimeout.toMillis() + LIMIT;
	}

	void drained(Duration closeTimeout, long now) {
		if (this.drainsBy != NEVER && this.terminatedAt == NEVER) {
			this.drainsBy = NEVER;
			this.closesBy = now + closeTimeout.toMillis();
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
		return this.opened && !this.parked && !this.superseded && this.drainedAt == NEVER && this.killedAt == NEVER
				&& !this.left && !this.socketless;
	}

	boolean isEnding() {
		return this.drainedAt != NEVER || this.killedAt != NEVER || this.endsByItself;
	}

	/**
	 * Return whether the primary told it to end, and not only helped it to.
	 * @return whether its end is no incident
	 */
	boolean isEndWanted() {
		return this.drainedAt != NEVER || this.killedForReason;
	}

	boolean isHung() {
		return this.hungAt != NEVER && !isEnding();
	}

	boolean canDrain() {
		return isReady() || this.failedOpen;
	}

	boolean couldServe() {
		return this.listening && !isEnding() && !this.left && this.hungAt == NEVER && !this.gateClosed
				&& !this.socketless && !this.parked && !this.superseded && !isSpare();
	}

	/**
	 * Return whether it accepts connections.
	 * @return whether it serves, ready or not
	 */
	boolean isOpen() {
		return isServing() || this.failOpen && couldServe();
	}

	/**
	 * Return whether connections can be sent to it.
	 * @param all all workers
	 * @param now the time
	 * @return whether it accepts them, and was heard lately unless nobody was
	 */
	boolean isReliable(Collection<ObservedWorker> all, long now) {
		return isOpen() && (isHeard(now) || all.stream().noneMatch((other) -> other.isOpen() && other.isHeard(now)));
	}

	private boolean isHeard(long now) {
		return this.measuredAt == NEVER || now < this.measuredAt + SILENCE;
	}

	boolean isSpare() {
		return this.slot == WorkerIdentity.NO_SLOT;
	}

	/**
	 * Return whether it waits to have its slot back and could have it.
	 * @return whether it would serve if its gate were open
	 */
	boolean isBackup() {
		return this.parked && this.accepting && this.hungAt == NEVER && !isEnding() && !this.left && !this.unhealthy;
	}

	boolean isServing() {
		return isInCharge() && this.accepting && this.hungAt == NEVER && !this.endsByItself;
	}

	@Override
	public String toString() {
		return "worker " + this.id;
	}

}
