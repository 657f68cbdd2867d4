package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentCause;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.channel.RecentMetrics;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * What users are answered who ask for something, through a worker or directly.
 */
final class Answers {

	private final Supplier<PrimarySnapshot> primary;

	private final int port;

	private final Workers workers;

	private final Reloads reloads;

	private final ReloadQueue queue;

	private final Generations generations;

	private final Scaling scaling;

	private final Incidents incidents;

	private final Shutdown shutdown;

	private final Replacements replacements;

	private final Leadership leadership;

	private final GenerationRecords records;

	private final LifeCycle life;

	Answers(Supplier<PrimarySnapshot> primary, int port, Workers workers, LifeCycle life, Reloads reloads,
			ReloadQueue queue, Generations generations, Scaling scaling, Incidents incidents, Shutdown shutdown,
			Replacements replacements, Leadership leadership, GenerationRecords records) {
		this.primary = primary;
		this.port = port;
		this.workers = workers;
		this.reloads = reloads;
		this.queue = queue;
		this.generations = generations;
		this.scaling = scaling;
		this.incidents = incidents;
		this.shutdown = shutdown;
		this.replacements = replacements;
		this.leadership = leadership;
		this.records = records;
		this.life = life;
	}

	/**
	 * Answer a request.
	 * @param request the request
	 * @return the answer
	 */
	Reply to(Request.OfOperator request) {
		if (request instanceof Request.Snapshot) {
			return new Reply.Snapshot(request.id(), snapshot());
		}
		if (request instanceof Request.Tally) {
			return new Reply.Tally(request.id(), snapshot(), this.workers.audience().tallies().tally());
		}
		if (request instanceof Request.Reload reload) {
			return (this.shutdown.isBegun()) ? new Reply.Refusal(request.id(), "The cluster is stopping")
					: new Reply.Reload(request.id(), this.queue.request(reload.requester(), reload.strategy()));
		}
		if (request instanceof Request.Reloads) {
			return new Reply.Reloads(request.id(), this.queue.all());
		}
		if (request instanceof Request.Incidents) {
			return new Reply.Incidents(request.id(), this.incidents.all());
		}
		if (request instanceof Request.Incident incident) {
			return new Reply.Incident(request.id(), this.incidents.find(incident.incident()));
		}
		if (request instanceof Request.Rates) {
			return new Reply.Rates(request.id(), this.workers.now(), rates(), this.queue.waiting());
		}
		if (request instanceof Request.Generations) {
			return new Reply.Generations(request.id(), this.records.all());
		}
		if (request instanceof Request.Abort abort) {
			return new Reply.Abort(request.id(), this.reloads.abort(abort.reload(), abort.requester()));
		}
		if (request instanceof Request.Scale scale) {
			return scale(scale);
		}
		if (request instanceof Request.Disconnect disconnect) {
			return toWorker(disconnect.id(), disconnect.worker(),
					(worker) -> this.replacements.leaves(worker, disconnect.requester().toString()));
		}
		if (request instanceof Request.Kill kill) {
			return toWorker(kill.id(), kill.worker(), (worker) -> kill(worker, kill.requester().toString()));
		}
		if (request instanceof Request.Shutdown stop) {
			this.shutdown.begin(stop.requester().toString(), 0);
		}
		return new Reply.Shutdown(request.id());
	}

	private Reply toWorker(long request, int id, Consumer<Worker> action) {
		if (this.shutdown.isBegun()) {
			return new Reply.Refusal(request, "The cluster is stopping");
		}
		Worker worker = this.workers.get(id);
		if (worker == null) {
			return new Reply.Worker(request, false);
		}
		if (!worker.isEnding()) {
			action.accept(worker);
		}
		return new Reply.Worker(request, true);
	}

	// As somebody else's SIGKILL, but it is known whose it is
	private void kill(Worker worker, String who) {
		this.incidents.open(worker, IncidentCause.SIGNAL, "killed: " + who, null);
		this.life.kill(worker, who);
	}

	private Reply scale(Request.Scale request) {
		if (this.shutdown.isBegun()) {
			return new Reply.Refusal(request.id(), "The cluster is stopping");
		}
		String refusal = this.scaling.request(request.requester(), request.workers());
		return (refusal != null) ? new Reply.Invalid(request.id(), refusal)
				: new Reply.Scale(request.id(), this.scaling.target());
	}

	private List<RecentMetrics> rates() {
		Instant now = this.workers.now();
		return this.workers.all().stream().map((worker) -> worker.pulse().recent(worker.id(), now)).toList();
	}

	ClusterSnapshot snapshot() {
		return new ClusterSnapshot(state(), this.primary.get(), this.port, this.workers.slots().size(),
				this.generations.live(), workers(),
				this.workers.slots().stream().filter(Slot::isFailed).map(Slot::index).toList(), this.workers.learned(),
				this.queue.latest(), this.leadership.snapshot());
	}

	private ClusterState state() {
		if (this.shutdown.isBegun()) {
			return ClusterState.STOPPING;
		}
		if (!this.workers.isUp()) {
			return ClusterState.STARTING;
		}
		return (this.reloads.isRunning()) ? ClusterState.RELOADING : ClusterState.RUNNING;
	}

	private List<WorkerSnapshot> workers() {
		return this.workers.all()
			.stream()
			.map(Worker::snapshot)
			.sorted(Comparator.comparingInt(WorkerSnapshot::slot).thenComparingInt(WorkerSnapshot::id))
			.toList();
	}

}
