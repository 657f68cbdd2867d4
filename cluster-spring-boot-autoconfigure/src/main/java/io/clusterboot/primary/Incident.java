package io.clusterboot.primary;

import java.time.Instant;
import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An end of a worker that nobody wanted, from when it is foreseen or has come.
 */
final class Incident {

	private final int id;

	private final Worker worker;

	private final int slot;

	private final Instant time;

	private final IncidentCause cause;

	private final String detail;

	private @Nullable String threadDump;

	private @Nullable Instant exited;

	private @Nullable String exit;

	private List<String> output = List.of();

	private @Nullable String errorFile;

	Incident(int id, Worker worker, Instant time, IncidentCause cause, String detail) {
		this.id = id;
		this.worker = worker;
		this.slot = worker.slot().index();
		this.time = time;
		this.cause = cause;
		this.detail = detail;
	}

	IncidentCause cause() {
		return this.cause;
	}

	int id() {
		return this.id;
	}

	Worker worker() {
		return this.worker;
	}

	@Nullable String threadDump() {
		return this.threadDump;
	}

	void threadDump(String threadDump) {
		this.threadDump = threadDump;
	}

	void exited(PrimaryEvent.WorkerExited exit, Instant now) {
		this.exited = now;
		this.exit = exit.how();
		this.output = exit.output();
		this.errorFile = exit.evidence().errorFile();
	}

	IncidentSnapshot snapshot() {
		return snapshot(this.threadDump, this.output);
	}

	/**
	 * Return what is short.
	 * @return the incident without what threads did and what was printed
	 */
	IncidentSnapshot summary() {
		return snapshot(null, List.of());
	}

	private IncidentSnapshot snapshot(@Nullable String threadDump, List<String> output) {
		return new IncidentSnapshot(this.id, this.time, this.cause, this.detail, this.worker.id(), this.slot,
				this.worker.pid(), this.worker.generation(), this.exited, this.exit, this.worker.heard(),
				this.worker.metrics(), threadDump, output, this.errorFile);
	}

}
