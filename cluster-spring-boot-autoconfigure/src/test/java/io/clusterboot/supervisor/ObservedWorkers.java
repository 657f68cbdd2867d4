package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.IncidentCause;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * What is known of all workers, as {@link SimulationInvariants} sees it.
 */
final class ObservedWorkers {

	private static final long LIMIT = ObservedWorker.LIMIT;

	private static final long NEVER = ObservedWorker.NEVER;

	private final Map<Integer, ObservedWorker> workers = new TreeMap<>();

	private final ObservedSettings settings;

	private final ObservedIncidents incidents;

	private final ObservedAdoptions adoptions;

	private final ObservedReports reports = new ObservedReports();

	private long now;

	ObservedWorkers(ObservedSettings settings, ObservedIncidents incidents, ObservedAdoptions adoptions) {
		this.settings = settings;
		this.incidents = incidents;
		this.adoptions = adoptions;
	}

	Collection<ObservedWorker> all() {
		return this.workers.values();
	}

	void add(ObservedWorker worker) {
		this.workers.put(worker.id, worker);
	}

	/**
	 * Find whom an event is about.
	 * @param event the event
	 * @return the worker or {@code null} if there is none, or it is gone
	 */
	ObservedWorker of(PrimaryEvent event) {
		if (event instanceof PrimaryEvent.WorkerForked fork) {
			return this.workers.get(fork.worker());
		}
		if (event instanceof PrimaryEvent.WorkerExited exit) {
			return this.workers.get(exit.worker());
		}
		if (event instanceof PrimaryEvent.ChannelEnded ended) {
			return this.workers.get(ended.worker());
		}
		if (event instanceof PrimaryEvent.MessageReceived received) {
			return this.workers.get(received.worker());
		}
		return (event instanceof PrimaryEvent.SocketFailed failure) ? this.workers.get(failure.worker()) : null;
	}

	ObservedWorker get(int id) {
		ObservedWorker worker = this.workers.get(id);
		SimulationInvariants.check(worker != null, "acts on living workers only", id);
		return worker;
	}

	/**
	 * Something happened to a worker.
	 * @param worker the worker
	 * @param event what happened
	 * @param now when
	 */
	void before(ObservedWorker worker, PrimaryEvent event, long now) {
		this.now = now;
		if (event instanceof PrimaryEvent.WorkerExited exit) {
			this.workers.remove(worker.id);
			this.incidents.exited(worker, exit);
			worker.left = true;
		}
		else if (event instanceof PrimaryEvent.ChannelEnded) {
			worker.left = true;
			worker.endsByItself(settings().drainTimeout(), now);
		}
		else if (event instanceof PrimaryEvent.MessageReceived received) {
			heard(worker, received.message());
		}
		else if (event instanceof PrimaryEvent.SocketFailed failure) {
			socketFailed(worker, failure.slot());
		}
	}

	private SupervisorSettings settings() {
		return this.settings.now();
	}

	private void socketFailed(ObservedWorker worker, int slot) {
		if (worker.slot == slot || worker.isSpare()) {
			worker.socketless = true;
			this.incidents.foreseen(worker, IncidentCause.START_FAILURE, null);
		}
		else {
			this.adoptions.failed(worker, slot, this.now);
		}
	}

	private void heard(ObservedWorker worker, Message.FromWorker message) {
		Duration hangTimeout = settings().worker().hangTimeout();
		if (message instanceof Message.Hello) {
			worker.online = true;
		}
		else if (message instanceof Message.Listening) {
			worker.listening = true;
		}
		else if (message instanceof Message.Drained) {
			worker.drained(settings().closeTimeout(), this.now);
		}
		else if (message instanceof Message.Readiness readiness) {
			heard(worker, readiness, hangTimeout);
		}
		else if (message instanceof Message.Heartbeat heartbeat) {
			worker.measured(heartbeat.metrics(), this.now);
			worker.progressed(heartbeat.beans(), this.now);
			heardAgain(worker, hangTimeout);
		}
		else if (message instanceof Message.Unhealthy unhealthy) {
			worker.gateClosed |= unhealthy.cause() == IncidentCause.STALL;
			unhealthy(worker, unhealthy, hangTimeout);
		}
		else if (message instanceof Message.Liveness) {
			unhealthy(worker, new Message.Unhealthy(IncidentCause.BROKEN, "its liveness is BROKEN", null), hangTimeout);
		}
		else if (message instanceof Message.ThreadDump dump) {
			this.incidents.dumped(worker, dump.text());
		}
		else if (message instanceof Message.Released released) {
			this.adoptions.released(worker, released.slot());
		}
		else if (message instanceof Message.SocketFailed failure) {
			socketFailed(worker, failure.slot());
		}
		else if (message instanceof Message.Leaving) {
			if (worker.isReady()) {
				worker.unhealthy = true;
				heardAgain(worker, hangTimeout);
			}
			else {
				worker.endsByItself(settings().drainTimeout(), this.now);
			}
		}
		else if (message instanceof Message.GateClosed) {
			worker.gateClosed = true;
			worker.endsByItself(settings().drainTimeout(), this.now);
		}
	}

	private void heard(ObservedWorker worker, Message.Readiness readiness, Duration hangTimeout) {
		if (worker.isEnding() || readiness.accepting() == worker.accepting) {
			return;
		}
		heardAgain(worker, hangTimeout);
		worker.accepting = readiness.accepting();
		if (worker.accepting) {
			worker.hangsAt = this.now + hangTimeout.toMillis();
			worker.preparedAt = Math.min(worker.preparedAt, this.now);
		}
		else if (!worker.opened) {
			worker.hangsAt = NEVER;
			worker.explainsBy = NEVER;
			worker.startsAfter = this.now + settings().reload().readyTimeout().toMillis();
			worker.startsBy = worker.startsAfter;
		}
	}

	private void heardAgain(ObservedWorker worker, Duration hangTimeout) {
		if (worker.isHung()) {
			this.incidents.heardAgain(worker);
		}
		worker.heard(hangTimeout, this.now);
	}

	private void unhealthy(ObservedWorker worker, Message.Unhealthy message, Duration hangTimeout) {
		if (worker.isEnding()) {
			worker.unhealthy = true;
			return;
		}
		heardAgain(worker, hangTimeout);
		this.reports.reported(worker, message, settings().respawnStableAfter(), this.now);
	}

	/**
	 * Something was done about what happened.
	 * @param actions what
	 * @param snapshot how things are
	 */
	void after(List<PrimaryAction> actions, ClusterSnapshot snapshot) {
		this.reports.after(actions, snapshot, this.incidents, this.workers);
	}

	void check(ClusterSnapshot snapshot) {
		SimulationInvariants.check(snapshot.workers().size() == this.workers.size(), "forgets nobody", snapshot);
		for (WorkerSnapshot known : snapshot.workers()) {
			ObservedWorker worker = this.workers.get(known.id());
			SimulationInvariants.check(
					worker != null && worker.slot == known.slot() && worker.generation == known.generation(),
					"knows everybody", known);
			SimulationInvariants.check(
					(known.state() == WorkerState.READY) == worker.isServing() || worker.hungAt != NEVER,
					"knows who serves", known);
			SimulationInvariants.check(
					(known.state() == WorkerState.PARKED) == (worker.parked && !worker.isEnding()) || worker.left,
					"knows who is parked", known);
			SimulationInvariants.check((known.state() == WorkerState.OPEN) == (worker.isOpen() && !worker.isServing())
					|| worker.hungAt != NEVER, "knows who is open without being ready", known);
			SimulationInvariants.check(
					(known.state() == WorkerState.WARM) == (worker.isSpare() && worker.accepting && !worker.isEnding())
							|| worker.left,
					"knows who is warm", known);
			SimulationInvariants.check(known.state() != WorkerState.DRAINING || worker.drainedAt != NEVER,
					"shows nobody as draining who was not told to", known);
			SimulationInvariants.check((known.state() == WorkerState.ENDING) == (worker.killedAt != NEVER
					|| worker.endsByItself && worker.drainedAt == NEVER), "knows who ends", known);
		}
	}

	void checkDeadlines(long now) {
		for (ObservedWorker worker : this.workers.values()) {
			if (worker.killedAt == NEVER) {
				SimulationInvariants.check(worker.terminatedAt == NEVER || now < worker.terminatedAt + LIMIT,
						"kills after SIGTERM", worker);
				SimulationInvariants.check(worker.terminatedAt != NEVER || now < worker.drainsBy,
						"terminates after a drain", worker);
				SimulationInvariants.check(now < worker.closesBy, "kills who does not close", worker);
				SimulationInvariants.check(!worker.isHung() || worker.left || now < worker.speaksBy, "kills who hangs",
						worker);
				SimulationInvariants.check(!worker.isReady() || worker.isEnding() || worker.left
						|| worker.hungAt != NEVER || now < worker.hangsAt, "notices who hangs", worker);
				SimulationInvariants.check(worker.isReady() || worker.left || worker.isEnding()
						|| worker.explainsBy != NEVER || now < worker.startsBy, "asks who is never ready", worker);
				SimulationInvariants.check(
						worker.isReady() || worker.left || worker.isEnding() || now < worker.explainsBy,
						"kills who is never ready", worker);
			}
		}
	}

}
