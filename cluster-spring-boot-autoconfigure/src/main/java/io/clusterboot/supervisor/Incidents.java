package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.ExitStatus;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Remembers why workers came to an end that nobody wanted. Of each worker the first cause
 * that was noticed counts: what follows, such as being killed, follows from it.
 */
final class Incidents {

	private static final int REMEMBERED = 20;

	private final Workers workers;

	private final Deque<Incident> incidents = new ArrayDeque<>();

	private int lastId;

	Incidents(Workers workers) {
		this.workers = workers;
	}

	/**
	 * A worker will have to end.
	 * @param worker the worker
	 * @param cause the kind of cause
	 * @param detail the cause in words
	 * @param threadDump what its threads do, or {@code null}
	 */
	void open(Worker worker, IncidentCause cause, String detail, @Nullable String threadDump) {
		if (of(worker) == null) {
			Incident incident = new Incident(++this.lastId, worker, this.workers.now(), cause, detail);
			this.incidents.addLast(incident);
			if (this.incidents.size() > REMEMBERED) {
				this.incidents.removeFirst();
			}
		}
		if (threadDump != null) {
			dumped(worker, threadDump);
		}
	}

	/**
	 * A worker does not hang after all.
	 * @param worker the worker
	 */
	void withdrawHang(Worker worker) {
		this.incidents.removeIf((incident) -> incident.worker() == worker && incident.cause() == IncidentCause.HANG);
	}

	/**
	 * A worker does not have to end after all.
	 * @param worker the worker
	 */
	void withdraw(Worker worker) {
		this.incidents.removeIf((incident) -> incident.worker() == worker);
	}

	/**
	 * It has become known what a worker's threads do. The first time counts: it is the
	 * nearest to the cause.
	 * @param worker the worker
	 * @param threadDump what they do
	 */
	void dumped(Worker worker, String threadDump) {
		Incident incident = of(worker);
		if (incident != null && incident.threadDump() == null) {
			incident.threadDump(threadDump);
		}
	}

	/**
	 * A worker's process is gone.
	 * @param worker the worker
	 * @param exit how
	 */
	void exited(Worker worker, PrimaryEvent.WorkerExited exit) {
		boolean wanted = worker.ending().reason() != null && exit.evidence().equals(ExitEvidence.NONE);
		if (!wanted) {
			open(worker, causeOf(worker, exit), worker.ending().describe(exit.how()), null);
		}
		Incident incident = of(worker);
		if (incident != null) {
			incident.exited(exit, this.workers.now());
		}
	}

	/**
	 * Return what is remembered, the oldest first.
	 * @return the incidents, without what is long
	 */
	List<IncidentSnapshot> all() {
		return this.incidents.stream().map(Incident::summary).toList();
	}

	@Nullable IncidentSnapshot find(int id) {
		return this.incidents.stream()
			.filter((incident) -> incident.id() == id)
			.map(Incident::snapshot)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Return why nobody wanted a worker to end.
	 * @param worker the worker
	 * @return the cause, or {@code null} if it is no incident
	 */
	@Nullable IncidentCause cause(Worker worker) {
		Incident incident = of(worker);
		return (incident != null) ? incident.cause() : null;
	}

	private @Nullable Incident of(Worker worker) {
		return this.incidents.stream().filter((incident) -> incident.worker() == worker).findFirst().orElse(null);
	}

	private static IncidentCause causeOf(Worker worker, PrimaryEvent.WorkerExited exit) {
		if (exit.evidence().kernelKill()) {
			return IncidentCause.KERNEL_OOM_KILL;
		}
		if (exit.evidence().outOfMemory()) {
			return IncidentCause.OUT_OF_MEMORY;
		}
		if (exit.evidence().errorFile() != null) {
			return IncidentCause.CRASH;
		}
		if (worker.prepared() == null) {
			return IncidentCause.START_FAILURE;
		}
		return new ExitStatus(exit.code()).isSignal() ? IncidentCause.SIGNAL : IncidentCause.EXIT_CODE;
	}

	/**
	 * An end of a worker that nobody wanted, from when it is foreseen or has come.
	 */
	static final class Incident {

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
					this.worker.pid(), this.worker.generation(), this.exited, this.exit, this.worker.pulse().heard(),
					this.worker.pulse().metrics(), threadDump, output, this.errorFile);
		}

	}

}
