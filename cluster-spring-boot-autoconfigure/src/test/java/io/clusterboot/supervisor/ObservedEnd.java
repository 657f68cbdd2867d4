package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.List;

import io.clusterboot.contract.PrimaryAction;

/**
 * The end of the cluster, as {@link SimulationInvariants} sees it.
 */
final class ObservedEnd {

	private static final long STOP_PATIENCE = 1000;

	private static final long NEVER = ObservedWorker.NEVER;

	private boolean stopping;

	private boolean graceful;

	private long stopAt = NEVER;

	private int expectedCode;

	private boolean held;

	private boolean refused;

	private boolean exited;

	boolean isStopping() {
		return this.stopping;
	}

	boolean isForced() {
		return this.stopAt != NEVER;
	}

	boolean isComplete() {
		return this.exited;
	}

	void shutdown(int code) {
		if (!this.stopping) {
			this.graceful = true;
			stopping(code);
		}
	}

	void stop(int code, long now) {
		this.stopAt = Math.min(this.stopAt, now);
		stopping(code);
	}

	void stopping(int code) {
		this.stopping = true;
		this.expectedCode = code;
	}

	boolean mustHold(boolean listening) {
		return this.graceful && listening && !this.held;
	}

	void check(PrimaryAction action, Collection<ObservedWorker> workers, boolean listening, long now) {
		SimulationInvariants.check(this.stopping && !this.exited, "ends once and only when it should", action);
		if (action instanceof PrimaryAction.Hold) {
			SimulationInvariants.check(mustHold(listening), "holds once", action);
			this.held = true;
		}
		else if (action instanceof PrimaryAction.Refuse) {
			SimulationInvariants.check(listening && !this.refused, "refuses once", action);
			SimulationInvariants.check(
					workers.stream()
						.allMatch((worker) -> worker.gateClosed || !worker.canDrain() || worker.hungAt != NEVER),
					"refuses nobody while a gate is open", action);
			this.refused = true;
		}
		else if (action instanceof PrimaryAction.Exit exit) {
			SimulationInvariants.check(exit.code() == this.expectedCode, "exits with the right code",
					List.of(action, "not", this.expectedCode));
			SimulationInvariants.check(workers.isEmpty() || now - STOP_PATIENCE >= this.stopAt, "leaves nobody behind",
					action);
			this.exited = true;
		}
	}

	void check(long now) {
		SimulationInvariants.check(this.stopAt == NEVER || now < this.stopAt + STOP_PATIENCE, "stops at once",
				this.stopAt);
	}

}
