package io.clusterboot.supervisor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.clusterboot.IncidentCause;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryEvent;

/**
 * The ends that nobody wanted, as {@link SimulationInvariants} sees them: from what the
 * supervisor was told, and from what was really wrong with a worker.
 */
final class ObservedIncidents {

	private static final int REMEMBERED = 20;

	// What is really wrong with each worker, by its id
	private final Map<Integer, Set<IncidentCause>> causes = new HashMap<>();

	private final Deque<Expected> expected = new ArrayDeque<>();

	private int lastId;

	void forked(int worker, Set<IncidentCause> causes) {
		this.causes.put(worker, causes);
	}

	Set<IncidentCause> causes(int worker) {
		return this.causes.get(worker);
	}

	/**
	 * It is known that a worker must end. The first cause counts.
	 * @param worker the worker
	 * @param cause the cause
	 * @param threadDump what its threads do, or {@code null}
	 */
	void foreseen(ObservedWorker worker, IncidentCause cause, String threadDump) {
		if (of(worker) == null) {
			this.expected.addLast(new Expected(++this.lastId, worker, cause));
			if (this.expected.size() > REMEMBERED) {
				this.expected.removeFirst();
			}
		}
		if (threadDump != null) {
			dumped(worker, threadDump);
		}
	}

	void heardAgain(ObservedWorker worker) {
		this.expected.removeIf((incident) -> incident.worker == worker && incident.cause == IncidentCause.HANG);
	}

	void withdrawn(ObservedWorker worker) {
		this.expected.removeIf((incident) -> incident.worker == worker);
	}

	void dumped(ObservedWorker worker, String threadDump) {
		Expected incident = of(worker);
		if (incident != null) {
			incident.threadDump = threadDump;
		}
	}

	void exited(ObservedWorker worker, PrimaryEvent.WorkerExited exit) {
		if (!worker.isEndWanted() || !exit.evidence().equals(ExitEvidence.NONE)) {
			SimulatedEnd end = new SimulatedEnd(exit.code(), exit.evidence());
			foreseen(worker, end.cause(worker.preparedAt != ObservedWorker.NEVER), null);
		}
		Expected incident = of(worker);
		if (incident != null) {
			incident.exit = exit;
		}
	}

	private Expected of(ObservedWorker worker) {
		return this.expected.stream().filter((incident) -> incident.worker == worker).findFirst().orElse(null);
	}

	void check(Reply.Incidents reply) {
		List<IncidentSnapshot> told = reply.incidents();
		SimulationInvariants.check(told.size() == this.expected.size(),
				"remembers the last ends that nobody wanted and no others", told);
		int i = 0;
		for (Expected incident : this.expected) {
			IncidentSnapshot summary = told.get(i++);
			check(summary, incident);
			SimulationInvariants.check(summary.threadDump() == null && summary.output().isEmpty(),
					"tells what is short", summary);
		}
	}

	void check(Request.Incident request, Reply.Incident reply) {
		IncidentSnapshot told = reply.incident();
		Expected incident = this.expected.stream()
			.filter((candidate) -> candidate.id == request.incident())
			.findFirst()
			.orElse(null);
		SimulationInvariants.check((told != null) == (incident != null), "knows the incidents that it remembers",
				request);
		if (told != null && incident != null) {
			check(told, incident);
			SimulationInvariants.check(Objects.equals(told.threadDump(), incident.threadDump),
					"keeps what the threads did", told);
			SimulationInvariants.check(
					told.output().equals((incident.exit != null) ? incident.exit.output() : List.of()),
					"keeps what was printed last", told);
		}
	}

	private void check(IncidentSnapshot told, Expected incident) {
		SimulationInvariants.check(
				told.cause() == incident.cause && this.causes.get(told.worker()).contains(told.cause()),
				"names the first cause", List.of(told, "not", incident.cause));
		SimulationInvariants.check(told.id() == incident.id && told.worker() == incident.worker.id
				&& told.slot() == incident.slot && told.generation() == incident.worker.generation,
				"says whose end it was", told);
		PrimaryEvent.WorkerExited exit = incident.exit;
		SimulationInvariants.check((told.exited() != null) == (exit != null), "says whether it is over", told);
		SimulationInvariants.check(exit == null
				|| exit.how().equals(told.exit()) && Objects.equals(exit.evidence().errorFile(), told.errorFile()),
				"says how it ended", told);
	}

	private static final class Expected {

		private final int id;

		private final ObservedWorker worker;

		private final int slot;

		private final IncidentCause cause;

		private String threadDump;

		private PrimaryEvent.WorkerExited exit;

		private Expected(int id, ObservedWorker worker, IncidentCause cause) {
			this.id = id;
			this.worker = worker;
			this.slot = worker.slot;
			this.cause = cause;
		}

	}

}
