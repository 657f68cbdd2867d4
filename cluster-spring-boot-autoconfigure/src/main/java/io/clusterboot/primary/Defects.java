package io.clusterboot.primary;

import io.clusterboot.IncidentCause;
import org.jspecify.annotations.Nullable;

/**
 * Replaces workers of which is known, before they end, that they cannot or must not go
 * on.
 */
final class Defects {

	private final Workers workers;

	private final Reloads reloads;

	private final Respawns respawns;

	private final Incidents incidents;

	private final Deadlines deadlines;

	private final Shutdown shutdown;

	Defects(Workers workers, Reloads reloads, Respawns respawns, Incidents incidents, Deadlines deadlines,
			Shutdown shutdown) {
		this.workers = workers;
		this.reloads = reloads;
		this.respawns = respawns;
		this.incidents = incidents;
		this.deadlines = deadlines;
		this.shutdown = shutdown;
	}

	/**
	 * A worker says that it should be replaced. It can wait for its replacement.
	 * @param worker the worker
	 * @param cause the kind of cause
	 * @param detail the cause in words
	 * @param threadDump what its threads do, or {@code null}
	 */
	void reported(Worker worker, IncidentCause cause, String detail, @Nullable String threadDump) {
		if (worker.isEnding()) {
			return;
		}
		this.deadlines.heard(worker);
		this.incidents.open(worker, cause, detail, threadDump);
		this.workers.warn("%s reports: %s", worker, detail);
		replace(worker, detail, "reports: " + detail);
	}

	/**
	 * A worker was told to end by somebody else. It can wait for its replacement.
	 * @param worker the worker
	 * @param reason by what
	 */
	void leaves(Worker worker, String reason) {
		replace(worker, reason, "leaves (%s)".formatted(reason));
	}

	private void replace(Worker worker, String reason, String how) {
		if (this.shutdown.isBegun() || worker.isDefective()) {
			return;
		}
		worker.defective();
		this.workers.wear(worker, reason);
		if (worker.slot().current() == worker && !worker.isSpare()) {
			this.reloads.lostCurrent(worker, how);
		}
		else {
			this.workers.retire(worker, false, reason);
			this.respawns.lost(worker, how, false);
		}
	}

	/**
	 * A worker could not be given the socket without which it cannot serve.
	 * @param worker the worker
	 * @param slot the slot whose socket it is
	 * @param reason why
	 */
	void withoutSocket(Worker worker, int slot, String reason) {
		String detail = "slot %d has no socket for it: %s".formatted(slot, reason);
		this.workers.error("%s cannot serve: %s", worker, detail);
		this.incidents.open(worker, IncidentCause.START_FAILURE, detail, null);
		this.workers.kill(worker, detail);
	}

}
