package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.IncidentCause;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.shared.SharedState;
import io.clusterboot.supervisor.table.Awaited;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * What workers say, and who of the supervisor has to know it.
 */
final class WorkerMessages {

	private final Workers workers;

	private final LifeCycle life;

	private final Reloads reloads;

	private final Incidents incidents;

	private final Deadlines deadlines;

	private final Recycling recycling;

	private final Adoptions adoptions;

	private final Replacements replacements;

	private final Answers answers;

	private final Leadership leadership;

	private final SharedState shared;

	private final GenerationRecords records;

	WorkerMessages(Workers workers, LifeCycle life, Reloads reloads, Incidents incidents, Deadlines deadlines,
			Recycling recycling, Adoptions adoptions, Replacements replacements, Answers answers, Leadership leadership,
			SharedState shared, GenerationRecords records) {
		this.workers = workers;
		this.life = life;
		this.reloads = reloads;
		this.incidents = incidents;
		this.deadlines = deadlines;
		this.recycling = recycling;
		this.adoptions = adoptions;
		this.replacements = replacements;
		this.answers = answers;
		this.leadership = leadership;
		this.shared = shared;
		this.records = records;
	}

	/**
	 * Take a message.
	 * @param worker whose it is
	 * @param message the message
	 */
	void received(Worker worker, Message.FromWorker message) {
		this.leadership.heard(worker);
		if (message instanceof Message.Heartbeat heartbeat) {
			heard(worker, heartbeat.metrics());
			this.deadlines.heard(worker);
			this.deadlines.progressed(worker, heartbeat.beans());
			this.recycling.heard(worker);
		}
		else if (message instanceof Message.Liveness liveness) {
			if (!liveness.correct()) {
				this.replacements.reported(worker,
						new Message.Unhealthy(IncidentCause.BROKEN, "its liveness is BROKEN", null));
			}
		}
		else if (message instanceof Message.Unhealthy unhealthy) {
			if (unhealthy.cause() == IncidentCause.STALL) {
				worker.gateClosed();
			}
			this.replacements.reported(worker, unhealthy);
		}
		else if (message instanceof Message.Listens) {
			this.workers.audience().join(worker);
		}
		else if (message instanceof Message.Learned learned) {
			this.workers.learned(learned.requests());
		}
		else if (message instanceof Message.ThreadDump dump) {
			this.incidents.dumped(worker, dump.text());
			this.deadlines.dumped(worker, dump.text());
		}
		else if (message instanceof Message.Released released) {
			this.adoptions.released(worker, released.slot());
		}
		else if (message instanceof Message.SocketFailed failure) {
			socketFailed(worker, failure.slot(), failure.reason());
		}
		else if (message instanceof Message.Drained drained) {
			onDrained(worker, drained.cutRequests());
		}
		else if (message instanceof Request.Lease lease) {
			this.leadership.asked(worker, lease);
		}
		else if (message instanceof Leading.Resigned resigned) {
			this.leadership.resigned(worker, resigned.token());
		}
		else if (message instanceof Leading.Ran run) {
			this.leadership.ran(worker, run);
		}
		else if (message instanceof Request.OfShared request) {
			this.workers
				.act(new PrimaryAction.Send(worker.id(), this.shared.to(worker.id(), request, this.workers.now())));
		}
		else if (message instanceof Request.OfOperator request) {
			this.workers.act(new PrimaryAction.Send(worker.id(), this.answers.to(request)));
		}
		else if (message instanceof Message.StartFailed failure) {
			worker.ending().startFailed(failure.reason());
		}
		else if (message instanceof Message.GateClosed) {
			worker.gateClosed();
			this.life.endsByItself(worker, "it has closed its gate");
		}
		else if (!worker.isEnding()) {
			onLifeCycle(worker, message);
		}
	}

	private void heard(Worker worker, WorkerMetrics metrics) {
		WorkerMetrics before = worker.pulse().metrics();
		Instant since = worker.pulse().heard();
		worker.pulse().heard(metrics, this.workers.now());
		this.records.heard(worker, before,
				Duration.between((since != null) ? since : worker.started(), this.workers.now()));
	}

	private void onLifeCycle(Worker worker, Message.FromWorker message) {
		if (message instanceof Message.Hello hello) {
			this.life.online(worker);
			if (hello.protocol() != Message.Hello.PROTOCOL) {
				this.life.kill(worker, "it speaks protocol %d, this primary %d: the cluster must be restarted"
					.formatted(hello.protocol(), Message.Hello.PROTOCOL));
			}
		}
		else if (message instanceof Message.Configuration view) {
			this.reloads.configured(worker, new ClusterConfiguration(view.properties()));
		}
		else if (message instanceof Message.Listening listening) {
			worker.sideDoor(listening.sideDoor());
			this.life.listening(worker, listening.port());
		}
		else if (message instanceof Message.Readiness readiness) {
			onReadiness(worker, readiness.accepting());
		}
		else if (message instanceof Message.Leaving leaving) {
			this.deadlines.heard(worker);
			if (worker.wasReady()) {
				this.replacements.leaves(worker, leaving.reason());
			}
			else {
				this.life.endsByItself(worker, "it has closed its gate");
			}
		}
	}

	private void onReadiness(Worker worker, boolean accepting) {
		if (accepting == worker.isAccepting()) {
			return;
		}
		if (accepting && worker.prepared() == null) {
			Duration startTime = worker.age(this.workers.now());
			this.workers.audience().tallies().started(startTime);
			this.records.started(worker.generation(), startTime);
		}
		worker.accepting(accepting, this.workers.now());
		this.deadlines.heard(worker);
		boolean current = worker.slot().current() == worker;
		if (accepting) {
			this.life.watch(worker);
			if (worker.isSpare()) {
				this.life.warm(worker);
			}
			else if (current && !worker.isServing()) {
				this.life.open(worker);
			}
			return;
		}
		if (worker.isServing() || worker.isWarm()) {
			this.life.refuses(worker);
		}
		if (worker.ready() == null) {
			worker.expect(Awaited.START, this.workers.now().plus(this.workers.settings().reload().readyTimeout()));
		}
	}

	private void onDrained(Worker worker, int cutRequests) {
		this.deadlines.drained(worker);
		this.workers.audience().tallies().drained(cutRequests);
		if (cutRequests > 0) {
			this.workers.warn("%s cut %d requests off: they did not end within %s", worker, cutRequests,
					Workers.seconds(this.workers.settings().drainTimeout()));
			this.reloads.losses().cut(cutRequests);
		}
	}

	/**
	 * A worker does not have a socket that it was to have.
	 * @param worker the worker
	 * @param slot the slot whose socket it is
	 * @param reason why it does not have it
	 */
	void socketFailed(Worker worker, int slot, String reason) {
		if (worker.slot().index() == slot || worker.isSpare()) {
			this.replacements.withoutSocket(worker, slot, reason);
		}
		else {
			this.adoptions.failed(worker, slot, reason);
		}
	}

}
