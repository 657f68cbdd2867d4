package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentCause;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.supervisor.Worker.Awaited;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.settings.SupervisorSettings;
import org.jspecify.annotations.Nullable;

/**
 * Takes every decision of the primary: who is forked, opened, drained, killed, and when.
 * Events in, actions out; no I/O, no clock, no threads.
 */
public final class Supervisor {

	private final PrimarySnapshot primary;

	private final int port;

	private final Workers workers;

	private final Scaling scaling;

	private final Reloads reloads;

	private final Respawns respawns;

	private final Incidents incidents;

	private final Deadlines deadlines;

	private final Recycling recycling;

	private final LastResort lastResort;

	private final Adoptions adoptions;

	private final Spares spares;

	private final Shutdown shutdown;

	private final Replacements defects;

	public Supervisor(ClusterConfiguration configuration, PrimarySnapshot primary, int port, RandomGenerator random) {
		this.primary = primary;
		this.port = port;
		this.workers = new Workers(configuration, random);
		this.scaling = new Scaling(this.workers);
		this.reloads = new Reloads(this.workers, this.scaling);
		this.respawns = new Respawns(this.workers, this.reloads);
		this.incidents = new Incidents(this.workers);
		this.deadlines = new Deadlines(this.workers, this.reloads, this.incidents);
		this.recycling = new Recycling(this.workers);
		this.lastResort = new LastResort(this.workers, this.reloads);
		this.adoptions = new Adoptions(this.workers);
		this.spares = new Spares(this.workers, this.reloads);
		this.shutdown = new Shutdown(this.workers, this.reloads);
		this.defects = new Replacements(this.workers, this.reloads, this.respawns, this.incidents, this.deadlines,
				this.shutdown, new Repetitions(this.workers, this.reloads, random));
	}

	/**
	 * Hear an event.
	 * @param event what happened
	 * @param now when, never earlier than before
	 * @return what to do, in this order
	 */
	public List<PrimaryAction> on(PrimaryEvent event, Instant now) {
		this.workers.begin(now);
		if (!this.shutdown.isComplete()) {
			dispatch(event);
			this.deadlines.expire();
			if (this.shutdown.isBegun()) {
				this.shutdown.advance();
			}
			else {
				// marks workers, which the next step replaces
				this.recycling.advance();
				this.reloads.advance();
				// while no reload runs, which would have to account for its slots
				this.scaling.advance(this.reloads.isRunning());
				// better than any fork
				this.spares.assign();
				this.lastResort.advance();
				// when it is known who accepts, and before anybody adopts
				this.workers.steer();
				this.adoptions.advance();
				// late, because a fork takes its time; slots before spares
				this.respawns.advance();
				this.spares.advance();
				this.workers.pace().tell();
			}
			this.reloads.copies().train(!this.reloads.isRunning() && !this.shutdown.isBegun());
		}
		return this.workers.actions();
	}

	/**
	 * Return when to send a {@link PrimaryEvent.Tick} if nothing happens before.
	 * @return the next deadline or {@code null} if there is none
	 */
	public @Nullable Instant nextDeadline() {
		return Stream
			.of(this.deadlines.all(), this.respawns.deadlines(), this.spares.deadlines(), this.recycling.deadlines(),
					this.lastResort.deadlines(), this.adoptions.deadlines(), this.reloads.deadlines(),
					Stream.ofNullable(this.shutdown.deadline()))
			.flatMap((stream) -> stream)
			.filter((deadline) -> deadline != null && deadline.isAfter(this.workers.now()))
			.min(Instant::compareTo)
			.orElse(null);
	}

	public ClusterSnapshot snapshot() {
		return new ClusterSnapshot(state(), this.primary, this.port, this.workers.slots().size(),
				this.reloads.generation(), this.workers.snapshots(),
				this.workers.slots().stream().filter(Slot::isFailed).map(Slot::index).toList(), this.workers.learned(),
				this.reloads.queue().latest());
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

	private void dispatch(PrimaryEvent event) {
		if (event instanceof PrimaryEvent.Started) {
			this.reloads.copies().take(this.reloads.generation());
		}
		else if (event instanceof PrimaryEvent.CodeCopied taken) {
			this.reloads.copies().taken(taken.generation());
		}
		else if (event instanceof PrimaryEvent.Trained training) {
			this.reloads.copies().trained(training.generation());
		}
		else if (event instanceof PrimaryEvent.CopyFailed failure) {
			onCopyFailure(failure);
		}
		else if (event instanceof PrimaryEvent.WorkerForked forked) {
			whenKnown(forked.worker(), (worker) -> this.workers.forked(worker, forked.pid()));
		}
		else if (event instanceof PrimaryEvent.WorkerExited exit) {
			whenKnown(exit.worker(), (worker) -> onExit(worker, exit));
		}
		else if (event instanceof PrimaryEvent.MessageReceived received) {
			whenKnown(received.worker(), (worker) -> onMessage(worker, received.message()));
		}
		else if (event instanceof PrimaryEvent.ChannelEnded ended) {
			whenKnown(ended.worker(), this::onChannelEnd);
		}
		else if (event instanceof PrimaryEvent.DropsCounted counted) {
			this.reloads.counted(counted.reload(), counted.drops());
		}
		else if (event instanceof PrimaryEvent.ReloadRequested request && !this.shutdown.isBegun()) {
			this.reloads.request(signal(request.trigger()), request.strategy());
		}
		else if (event instanceof PrimaryEvent.ScaleRequested request && !this.shutdown.isBegun()) {
			this.scaling.request(signal(request.trigger()), Math.max(1, this.scaling.target() + request.difference()));
		}
		else if (event instanceof PrimaryEvent.ShutdownRequested request) {
			this.shutdown.begin(request.reason(), request.exitCode());
		}
		else if (event instanceof PrimaryEvent.StopRequested request) {
			this.shutdown.force(request.reason(), request.exitCode());
		}
		else if (event instanceof PrimaryEvent.SocketFailed failure) {
			whenKnown(failure.worker(), (worker) -> onSocketFailure(worker, failure.slot(), failure.reason()));
		}
		else if (event instanceof PrimaryEvent.ListenFailed failure) {
			this.workers.error("The cluster ends: %s", failure.reason());
			this.shutdown.force("the port cannot be listened on", 1);
		}
	}

	private void onCopyFailure(PrimaryEvent.CopyFailed failure) {
		if (failure.generation() == this.reloads.generation() && !this.shutdown.isBegun()) {
			this.workers.error("The application did not start: %s", failure.reason());
			this.shutdown.force("there is nothing to run", 1);
		}
		else {
			this.reloads.copyFailed(failure.generation(), failure.reason());
		}
	}

	private void onSocketFailure(Worker worker, int slot, String reason) {
		if (worker.slot().index() == slot || worker.isSpare()) {
			this.defects.withoutSocket(worker, slot, reason);
		}
		else {
			this.adoptions.failed(worker, slot, reason);
		}
	}

	private void onMessage(Worker worker, Message.FromWorker message) {
		if (message instanceof Message.Heartbeat heartbeat) {
			worker.heard(heartbeat.metrics(), this.workers.now());
			this.deadlines.heard(worker);
			this.deadlines.progressed(worker, heartbeat.beans());
			this.recycling.heard(worker);
		}
		else if (message instanceof Message.Liveness liveness) {
			if (!liveness.correct()) {
				this.defects.reported(worker,
						new Message.Unhealthy(IncidentCause.BROKEN, "its liveness is BROKEN", null));
			}
		}
		else if (message instanceof Message.Unhealthy unhealthy) {
			if (unhealthy.cause() == IncidentCause.STALL) {
				worker.gateClosed();
			}
			this.defects.reported(worker, unhealthy);
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
			onSocketFailure(worker, failure.slot(), failure.reason());
		}
		else if (message instanceof Message.Drained drained) {
			onDrained(worker, drained.cutRequests());
		}
		else if (message instanceof Request request) {
			this.workers.actions().add(new PrimaryAction.Send(worker.id(), answer(request)));
		}
		else if (message instanceof Message.StartFailed failure) {
			worker.startFailed(failure.reason());
		}
		else if (message instanceof Message.GateClosed) {
			worker.gateClosed();
			if (!worker.isEnding()) {
				this.workers.endsByItself(worker);
			}
		}
		else if (!worker.isEnding()) {
			onLifeCycle(worker, message);
		}
	}

	private void onLifeCycle(Worker worker, Message.FromWorker message) {
		if (message instanceof Message.Hello hello) {
			this.workers.online(worker);
			if (hello.protocol() != Message.Hello.PROTOCOL) {
				this.workers.kill(worker, "it speaks protocol %d, this primary %d: the cluster must be restarted"
					.formatted(hello.protocol(), Message.Hello.PROTOCOL));
			}
		}
		else if (message instanceof Message.Configuration view) {
			this.reloads.configured(worker, new ClusterConfiguration(view.properties()));
		}
		else if (message instanceof Message.Listening listening) {
			worker.sideDoor(listening.sideDoor());
			this.workers.listening(worker, listening.port());
		}
		else if (message instanceof Message.Readiness readiness) {
			onReadiness(worker, readiness.accepting());
		}
		else if (message instanceof Message.Leaving leaving) {
			this.deadlines.heard(worker);
			if (worker.wasReady()) {
				this.defects.leaves(worker, leaving.reason());
			}
			else {
				this.workers.endsByItself(worker);
			}
		}
	}

	private void onReadiness(Worker worker, boolean accepting) {
		if (accepting == worker.isAccepting()) {
			return;
		}
		worker.accepting(accepting, this.workers.now());
		this.deadlines.heard(worker);
		boolean current = worker.slot().current() == worker;
		if (accepting) {
			this.workers.watch(worker);
			if (worker.isSpare()) {
				this.workers.warm(worker);
			}
			else if (current && !worker.isServing()) {
				this.workers.open(worker);
			}
			return;
		}
		if (worker.isServing() || worker.isWarm()) {
			this.workers.refuses(worker);
		}
		if (worker.ready() == null) {
			worker.expect(Awaited.START, this.workers.now().plus(settings().reload().readyTimeout()));
		}
	}

	private void onDrained(Worker worker, int cutRequests) {
		this.deadlines.drained(worker);
		if (cutRequests > 0) {
			this.workers.warn("%s cut %d requests off: they did not end within %s", worker, cutRequests,
					Workers.seconds(settings().drainTimeout()));
			this.reloads.cut(cutRequests);
		}
	}

	private void onExit(Worker worker, PrimaryEvent.WorkerExited exit) {
		this.incidents.exited(worker, exit);
		this.workers.exited(worker, exit.how());
		String how = worker.describe(exit.how());
		if (!this.workers.isUp() && !this.shutdown.isBegun()) {
			String reason = worker.endReason();
			this.workers.error("The application did not start: its first worker ended with %s%s. See its output above.",
					how, (reason != null) ? " (" + reason + ")" : "");
			this.shutdown.failStart((reason != null) ? 1 : exit.code());
		}
		String reason = worker.endReason();
		this.respawns.lost(worker,
				(reason != null) ? "was killed (%s)".formatted(reason) : "ended with %s".formatted(how),
				this.shutdown.isBegun());
		this.reloads.exited(worker, exit.output());
	}

	private void onChannelEnd(Worker worker) {
		if (!worker.isEnding()) {
			this.workers.endsByItself(worker);
		}
	}

	private Reply answer(Request request) {
		if (request instanceof Request.Snapshot) {
			return new Reply.Snapshot(request.id(), snapshot());
		}
		if (request instanceof Request.Reload reload) {
			return (this.shutdown.isBegun()) ? new Reply.Refusal(request.id(), "The cluster is stopping")
					: new Reply.Reload(request.id(), this.reloads.request(reload.requester(), reload.strategy()));
		}
		if (request instanceof Request.Reloads) {
			return new Reply.Reloads(request.id(), this.reloads.queue().all());
		}
		if (request instanceof Request.Incidents) {
			return new Reply.Incidents(request.id(), this.incidents.all());
		}
		if (request instanceof Request.Incident incident) {
			return new Reply.Incident(request.id(), this.incidents.find(incident.incident()));
		}
		if (request instanceof Request.Abort abort) {
			return new Reply.Abort(request.id(), this.reloads.abort(abort.reload(), abort.requester()));
		}
		if (request instanceof Request.Scale scale) {
			return scale(scale);
		}
		if (request instanceof Request.Shutdown stop) {
			this.shutdown.begin(stop.requester().toString(), 0);
		}
		return new Reply.Shutdown(request.id());
	}

	private static Requester signal(String name) {
		return new Requester(name, null);
	}

	private Reply scale(Request.Scale request) {
		if (this.shutdown.isBegun()) {
			return new Reply.Refusal(request.id(), "The cluster is stopping");
		}
		String refusal = this.scaling.request(request.requester(), request.workers());
		return (refusal != null) ? new Reply.Invalid(request.id(), refusal)
				: new Reply.Scale(request.id(), this.scaling.target());
	}

	private SupervisorSettings settings() {
		return this.workers.settings();
	}

	private void whenKnown(int id, Consumer<Worker> action) {
		Worker worker = this.workers.get(id);
		if (worker != null) {
			action.accept(worker);
		}
	}

}
