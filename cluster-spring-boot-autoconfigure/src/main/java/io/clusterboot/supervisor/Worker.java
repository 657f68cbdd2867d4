package io.clusterboot.supervisor;

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

	// That of a spare is none of the cluster's
	private Slot slot;

	private final int generation;

	private final Instant started;

	private final String forkReason;

	// From 0.9 to 1.1, so that workers which were started together do not end together
	private final double jitter;

	private long pid;

	private WorkerState state = WorkerState.FORKED;

	private int sideDoor;

	private @Nullable Instant ready;

	// Its last word on readiness
	private boolean accepting;

	private @Nullable Instant prepared;

	private boolean failedOpen;

	private boolean gateClosed;

	private Instant adoptsFrom = Instant.MIN;

	private @Nullable String endReason;

	private @Nullable String startFailure;

	private Awaited awaited = Awaited.START;

	private @Nullable Instant deadline;

	private @Nullable StartProgress progress;

	// Why it is to be replaced
	private @Nullable String marked;

	private Repetitions.@Nullable Report defect;

	private @Nullable Instant heard;

	private WorkerMetrics metrics = WorkerMetrics.NONE;

	// Requests in flight on average, the latest counting most
	private double load;

	Worker(int id, Slot slot, int generation, Instant started, String forkReason, double jitter) {
		this.id = id;
		this.slot = slot;
		this.generation = generation;
		this.started = started;
		this.forkReason = forkReason;
		this.jitter = jitter;
	}

	int id() {
		return this.id;
	}

	Slot slot() {
		return this.slot;
	}

	/**
	 * Give a spare a slot of the cluster's.
	 * @param slot the slot
	 */
	void slot(Slot slot) {
		this.slot = slot;
	}

	boolean isSpare() {
		return this.slot.isSpare();
	}

	int generation() {
		return this.generation;
	}

	double jitter() {
		return this.jitter;
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

	long pid() {
		return this.pid;
	}

	void pid(long pid) {
		this.pid = pid;
	}

	/**
	 * It is reached apart from all others by a port of its own.
	 * @param port the port
	 */
	void sideDoor(int port) {
		this.sideDoor = port;
	}

	boolean isAccepting() {
		return this.accepting;
	}

	void accepting(boolean accepting, Instant now) {
		this.accepting = accepting;
		if (accepting && this.prepared == null) {
			this.prepared = now;
		}
	}

	/**
	 * Return when its application was first ready, whether or not it has served since.
	 * @return the time or {@code null}
	 */
	@Nullable Instant prepared() {
		return this.prepared;
	}

	/**
	 * Return whether its application was ever ready.
	 * @return whether it was, even if it refuses traffic now
	 */
	boolean wasReady() {
		return this.accepting || this.ready != null;
	}

	/**
	 * Return whether it can be asked to drain. The shutdown hook of an application that
	 * is not ready yet may wait for its start to end, and one that hangs does nothing.
	 * @return whether it may have served and does not hang
	 */
	boolean canDrain() {
		return (wasReady() || this.failedOpen) && !isHung();
	}

	boolean isServing() {
		return this.state == WorkerState.READY && isResponsive();
	}

	/**
	 * Return whether it accepts connections.
	 * @return whether it serves, ready or not
	 */
	boolean isOpen() {
		return isServing() || (this.state == WorkerState.OPEN && isResponsive());
	}

	/**
	 * Return whether it could serve although its application is not ready.
	 * @return whether its web server is up and nothing else keeps it from serving
	 */
	boolean canFailOpen() {
		return (this.state == WorkerState.LISTENING || this.state == WorkerState.OPEN) && isResponsive()
				&& !this.gateClosed;
	}

	void failOpen() {
		this.state = WorkerState.OPEN;
		this.failedOpen = true;
	}

	/**
	 * Return whether it is a spare that can be given a slot.
	 * @return whether it would serve at once
	 */
	boolean isWarm() {
		return this.state == WorkerState.WARM && isResponsive();
	}

	/**
	 * Return whether it can have its slot back.
	 * @return whether it is parked and would serve at once
	 */
	boolean canReturn() {
		return isParked() && this.accepting && isResponsive();
	}

	boolean isParked() {
		return this.state == WorkerState.PARKED;
	}

	private boolean isResponsive() {
		return !isHung() && !isEnding();
	}

	boolean isEnding() {
		return this.state == WorkerState.DRAINING || this.state == WorkerState.ENDING
				|| this.state == WorkerState.EXITED;
	}

	boolean isKilled() {
		return this.awaited == Awaited.DEATH || this.awaited == Awaited.SECOND_DEATH;
	}

	@Nullable Instant ready() {
		return this.ready;
	}

	void ready(Instant now) {
		this.state = WorkerState.READY;
		if (this.ready == null) {
			this.ready = now;
		}
	}

	/**
	 * Return whether nothing was heard from it for so long that it will be killed unless
	 * it is heard again.
	 * @return whether it seems to hang
	 */
	boolean isHung() {
		return this.awaited == Awaited.THREAD_DUMP || this.awaited == Awaited.LAST_WORDS;
	}

	/**
	 * Return why it is to be replaced although it serves.
	 * @return the reason or {@code null}
	 */
	@Nullable String marked() {
		return this.marked;
	}

	void marked(String reason) {
		this.marked = reason;
	}

	/**
	 * Return whether it is known that it cannot or must not go on.
	 * @return whether it said so
	 */
	boolean isDefective() {
		return this.defect != null;
	}

	/**
	 * Return what it said about that.
	 * @return its report or {@code null}
	 */
	Repetitions.@Nullable Report defect() {
		return this.defect;
	}

	/**
	 * It says that it cannot or must not go on. What it can bear least counts.
	 * @param defect its report
	 */
	void defective(Repetitions.Report defect) {
		if (this.defect == null || this.defect.isBearable()) {
			this.defect = defect;
		}
	}

	/**
	 * Take it that it can go on as if it had reported nothing.
	 */
	void recovered() {
		this.defect = null;
		this.marked = null;
	}

	/**
	 * Return when it can be asked again to accept for another slot.
	 * @return the time, past unless it failed to
	 */
	Instant adoptsFrom() {
		return this.adoptsFrom;
	}

	void adoptsFrom(Instant time) {
		this.adoptsFrom = time;
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

	void startFailed(String reason) {
		this.startFailure = reason;
	}

	/**
	 * Return why its application did not start.
	 * @return what it said about that, or {@code null}
	 */
	@Nullable String startFailure() {
		return this.startFailure;
	}

	/**
	 * Return how it ended, and why if it said so.
	 * @param exit how its process ended
	 * @return both in words
	 */
	String describe(String exit) {
		return (this.startFailure != null) ? "%s: %s".formatted(exit, this.startFailure) : exit;
	}

	Awaited awaited() {
		return this.awaited;
	}

	@Nullable Instant deadline() {
		return this.deadline;
	}

	void expect(Awaited awaited, Instant deadline) {
		this.awaited = awaited;
		this.deadline = deadline;
	}

	void clearDeadline() {
		this.deadline = null;
	}

	/**
	 * Return whether it takes processor time to get ready.
	 * @return whether its start has not ended yet, in one way or the other
	 */
	boolean isStarting() {
		return this.prepared == null && (this.awaited == Awaited.START || this.awaited == Awaited.EXPLANATION);
	}

	/**
	 * Begin to wait until it is ready.
	 * @param progress what shows whether that is worth while
	 */
	void expectStart(StartProgress progress) {
		this.progress = progress;
		expect(Awaited.START, progress.deadline());
	}

	/**
	 * Return how far its start has come.
	 * @return the progress, or {@code null} if it does not start
	 */
	@Nullable StartProgress progress() {
		return (this.awaited == Awaited.START && this.prepared == null) ? this.progress : null;
	}

	/**
	 * Take a heartbeat.
	 * @param metrics what it says
	 * @param now when
	 */
	void heard(WorkerMetrics metrics, Instant now) {
		Duration busy = metrics.requestTimes().total().minus(this.metrics.requestTimes().total());
		double seconds = (this.heard != null) ? Duration.between(this.heard, now).toMillis() / 1000.0 : 1;
		double average = busy.toMillis() / 1000.0 / Math.max(seconds, 0.1);
		this.load = (this.load + Math.max(metrics.requestsInFlight(), average)) / 2;
		this.metrics = metrics;
		this.heard = now;
	}

	@Nullable Instant heard() {
		return this.heard;
	}

	WorkerMetrics metrics() {
		return this.metrics;
	}

	double load() {
		return this.load;
	}

	ResponseCounts responses() {
		return this.metrics.responses();
	}

	Instant started() {
		return this.started;
	}

	Duration age(Instant now) {
		return Duration.between(this.started, now);
	}

	WorkerSnapshot snapshot() {
		return new WorkerSnapshot(this.id, this.slot.index(), this.pid, this.generation, this.state, this.started,
				this.ready, this.slot.restarts(), this.sideDoor, this.metrics);
	}

	@Override
	public String toString() {
		return "worker=%d slot=%s gen=%d pid=%d".formatted(this.id, isSpare() ? "spare" : this.slot.index(),
				this.generation, this.pid);
	}

	/**
	 * What the primary waits for, and at the deadline no longer does.
	 */
	enum Awaited {

		/**
		 * To be ready; then it is asked why it is not.
		 */
		START,

		/**
		 * To say what its threads do, or to be ready; then it is killed.
		 */
		EXPLANATION,

		/**
		 * To be heard; then it is asked what its threads do.
		 */
		HEARTBEAT,

		/**
		 * To say what its threads do, or anything; then it gets SIGQUIT.
		 */
		THREAD_DUMP,

		/**
		 * To print what its threads do, or anything; then it is killed.
		 */
		LAST_WORDS,

		/**
		 * To end its requests, or by itself; then it gets SIGTERM.
		 */
		DRAIN,

		/**
		 * To have its application closed and end by itself; then it is killed.
		 */
		CLOSE,

		/**
		 * To end after SIGTERM; then it is killed.
		 */
		TERMINATION,

		/**
		 * To be gone after SIGKILL; then it is killed again.
		 */
		DEATH,

		/**
		 * To be gone after another SIGKILL; then the cluster goes on without it.
		 */
		SECOND_DEATH

	}

}
