package io.clusterboot.primary;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the {@link Supervisor} knows it.
 */
final class Worker {

	private final int id;

	private final Slot slot;

	private final int generation;

	private final Instant started;

	private final String forkReason;

	private long pid;

	private WorkerState state = WorkerState.FORKED;

	private @Nullable Instant ready;

	// Its last word on readiness
	private boolean accepting;

	private boolean gateClosed;

	private @Nullable String endReason;

	private Patience patience = Patience.START;

	private @Nullable Instant deadline;

	private boolean broken;

	private WorkerMetrics metrics = WorkerMetrics.NONE;

	Worker(int id, Slot slot, int generation, Instant started, String forkReason) {
		this.id = id;
		this.slot = slot;
		this.generation = generation;
		this.started = started;
		this.forkReason = forkReason;
	}

	int id() {
		return this.id;
	}

	Slot slot() {
		return this.slot;
	}

	int generation() {
		return this.generation;
	}

	String forkReason() {
		return this.forkReason;
	}

	WorkerState state() {
		return this.state;
	}

	void state(WorkerState state) {
		this.state = state;
	}

	void pid(long pid) {
		this.pid = pid;
	}

	boolean isAccepting() {
		return this.accepting;
	}

	void accepting(boolean accepting) {
		this.accepting = accepting;
	}

	/**
	 * Return whether it can be asked to drain. The shutdown hook of an application that
	 * is not ready yet would wait for its start to end.
	 * @return whether the application was ready
	 */
	boolean canDrain() {
		return this.accepting || this.ready != null;
	}

	boolean isServing() {
		return this.state == WorkerState.READY;
	}

	boolean isDraining() {
		return this.state == WorkerState.DRAINING;
	}

	boolean isEnding() {
		return isDraining() || this.patience == Patience.DEATH;
	}

	@Nullable Instant ready() {
		return this.ready;
	}

	void ready(Instant now) {
		this.state = WorkerState.READY;
		if (this.ready == null) {
			this.ready = now;
		}
		this.deadline = null;
	}

	boolean isGateClosed() {
		return this.gateClosed;
	}

	void gateClosed() {
		this.gateClosed = true;
	}

	/**
	 * Return why the primary ends it.
	 * @return the reason, or {@code null} if the primary does not
	 */
	@Nullable String endReason() {
		return this.endReason;
	}

	void endReason(String reason) {
		if (this.endReason == null) {
			this.endReason = reason;
		}
	}

	Patience patience() {
		return this.patience;
	}

	@Nullable Instant deadline() {
		return this.deadline;
	}

	void expect(Patience patience, Instant deadline) {
		this.patience = patience;
		this.deadline = deadline;
	}

	void clearDeadline() {
		this.deadline = null;
	}

	void heard(WorkerMetrics metrics) {
		this.metrics = metrics;
	}

	ResponseCounts responses() {
		return this.metrics.responses();
	}

	/**
	 * Return its last word on liveness.
	 * @return whether the application says that it is beyond repair
	 */
	boolean isBroken() {
		return this.broken;
	}

	void broken(boolean broken) {
		this.broken = broken;
	}

	Duration age(Instant now) {
		return Duration.between(this.started, now);
	}

	WorkerSnapshot snapshot() {
		return new WorkerSnapshot(this.id, this.slot.index(), this.pid, this.generation, this.state, this.started,
				this.ready, this.slot.restarts(), this.metrics);
	}

	@Override
	public String toString() {
		return "worker=%d slot=%d gen=%d pid=%d".formatted(this.id, this.slot.index(), this.generation, this.pid);
	}

	/**
	 * What the primary waits for, and at the deadline no longer does.
	 */
	enum Patience {

		/**
		 * To be ready; then it is killed.
		 */
		START,

		/**
		 * To end by itself; then it gets SIGTERM.
		 */
		DRAIN,

		/**
		 * To end after SIGTERM; then it is killed.
		 */
		TERMINATION,

		/**
		 * To be gone after SIGKILL.
		 */
		DEATH

	}

}
