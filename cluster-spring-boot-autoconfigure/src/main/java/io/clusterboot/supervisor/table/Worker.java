package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the supervisor knows it.
 */
public final class Worker {

	private final int id;

	// That of a spare is none of the cluster's
	private Slot slot;

	private final int generation;

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

	private final Ending ending = new Ending();

	private final StartProgress progress;

	private Awaited awaited = Awaited.START;

	private @Nullable Instant deadline;

	// Why it is to be replaced
	private @Nullable String marked;

	private @Nullable Report defect;

	private final Pulse pulse = new Pulse();

	// Whether its application wants to know what happens
	private boolean listens;

	Worker(int id, Slot slot, int generation, String forkReason, double jitter, StartProgress progress) {
		this.id = id;
		this.slot = slot;
		this.generation = generation;
		this.forkReason = forkReason;
		this.jitter = jitter;
		this.progress = progress;
		this.deadline = progress.deadline();
	}

	public int id() {
		return this.id;
	}

	public Slot slot() {
		return this.slot;
	}

	void slot(Slot slot) {
		this.slot = slot;
	}

	public boolean isSpare() {
		return this.slot.isSpare();
	}

	public int generation() {
		return this.generation;
	}

	public double jitter() {
		return this.jitter;
	}

	String forkReason() {
		return this.forkReason;
	}

	public WorkerState state() {
		return this.state;
	}

	void state(WorkerState state) {
		this.state = state;
		this.failedOpen |= state == WorkerState.OPEN;
	}

	public long pid() {
		return this.pid;
	}

	void pid(long pid) {
		this.pid = pid;
	}

	/**
	 * Return whether its process was started, as far as is known.
	 * @return whether it has a process id
	 */
	public boolean isForked() {
		return this.pid != 0;
	}

	/**
	 * It is reached apart from all others by a port of its own.
	 * @param port the port
	 */
	public void sideDoor(int port) {
		this.sideDoor = port;
	}

	public boolean isAccepting() {
		return this.accepting;
	}

	public void accepting(boolean accepting, Instant now) {
		this.accepting = accepting;
		if (accepting && this.prepared == null) {
			this.prepared = now;
		}
	}

	/**
	 * Return when its application was first ready, whether or not it has served since.
	 * @return the time or {@code null}
	 */
	public @Nullable Instant prepared() {
		return this.prepared;
	}

	/**
	 * Return whether its application was ever ready.
	 * @return whether it was, even if it refuses traffic now
	 */
	public boolean wasReady() {
		return this.accepting || this.ready != null;
	}

	/**
	 * Return whether it can be asked to drain. The shutdown hook of an application that
	 * is not ready yet may wait for its start to end, and one that hangs does nothing.
	 * @return whether it may have served and does not hang
	 */
	public boolean canDrain() {
		return (wasReady() || this.failedOpen) && !isHung();
	}

	public boolean isServing() {
		return this.state == WorkerState.READY && isResponsive();
	}

	/**
	 * Return whether it accepts connections.
	 * @return whether it serves, ready or not
	 */
	public boolean isOpen() {
		return isServing() || (this.state == WorkerState.OPEN && isResponsive());
	}

	/**
	 * Return whether it could serve although its application is not ready.
	 * @return whether its web server is up and nothing else keeps it from serving
	 */
	public boolean canFailOpen() {
		return (this.state == WorkerState.LISTENING || this.state == WorkerState.OPEN) && isResponsive()
				&& !this.gateClosed;
	}

	/**
	 * Return whether it is a spare that can be given a slot.
	 * @return whether it would serve at once
	 */
	public boolean isWarm() {
		return this.state == WorkerState.WARM && isResponsive();
	}

	/**
	 * Return whether it can have its slot back.
	 * @return whether it is parked and would serve at once
	 */
	public boolean canReturn() {
		return this.state == WorkerState.PARKED && this.accepting && isResponsive();
	}

	private boolean isResponsive() {
		return !isHung() && !isEnding();
	}

	public boolean isEnding() {
		return this.state == WorkerState.DRAINING || this.state == WorkerState.ENDING
				|| this.state == WorkerState.EXITED;
	}

	public @Nullable Instant ready() {
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
	public boolean isHung() {
		return this.awaited.isSignOfLife();
	}

	/**
	 * Return why it is to be replaced although it serves.
	 * @return the reason or {@code null}
	 */
	public @Nullable String marked() {
		return this.marked;
	}

	void marked(String reason) {
		this.marked = reason;
	}

	/**
	 * Return what it said because it cannot or must not go on.
	 * @return its report or {@code null}
	 */
	public @Nullable Report defect() {
		return this.defect;
	}

	/**
	 * It says that it cannot or must not go on. What it can bear least counts.
	 * @param defect its report
	 */
	public void defective(Report defect) {
		if (this.defect == null || this.defect.isBearable()) {
			this.defect = defect;
		}
	}

	/**
	 * Take it that it can go on as if it had reported nothing.
	 */
	public void recovered() {
		this.defect = null;
		this.marked = null;
	}

	public boolean isGateClosed() {
		return this.gateClosed;
	}

	public void gateClosed() {
		this.gateClosed = true;
	}

	public Ending ending() {
		return this.ending;
	}

	public Awaited awaited() {
		return this.awaited;
	}

	public @Nullable Instant deadline() {
		return this.deadline;
	}

	public void expect(Awaited awaited, @Nullable Instant deadline) {
		this.awaited = awaited;
		this.deadline = deadline;
	}

	/**
	 * Return whether it takes processor time to get ready.
	 * @return whether its start has not ended yet, in one way or the other
	 */
	public boolean isStarting() {
		return this.prepared == null && (this.awaited == Awaited.START || this.awaited == Awaited.EXPLANATION);
	}

	/**
	 * Return how far its start has come.
	 * @return the progress, or {@code null} if it does not start
	 */
	public @Nullable StartProgress progress() {
		return (this.awaited == Awaited.START && this.prepared == null) ? this.progress : null;
	}

	public boolean listens() {
		return this.listens;
	}

	void listen() {
		this.listens = true;
	}

	public Pulse pulse() {
		return this.pulse;
	}

	public Instant started() {
		return this.progress.begin();
	}

	public Duration age(Instant now) {
		return Duration.between(started(), now);
	}

	public WorkerSnapshot snapshot() {
		return new WorkerSnapshot(this.id, this.slot.index(), this.pid, this.generation, this.state, started(),
				this.ready, this.slot.restarts(), this.sideDoor, this.pulse.metrics());
	}

	@Override
	public String toString() {
		return "worker=%d slot=%s gen=%d pid=%d".formatted(this.id, isSpare() ? "spare" : this.slot.index(),
				this.generation, this.pid);
	}

}
