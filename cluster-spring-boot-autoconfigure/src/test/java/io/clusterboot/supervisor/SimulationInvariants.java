package io.clusterboot.supervisor;

import java.util.List;
import java.util.Set;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentCause;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryAction.Level;
import io.clusterboot.contract.PrimaryEvent;

/**
 * The promises of a {@link Supervisor}, checked after every event against nothing but
 * what it was told and what it did.
 */
final class SimulationInvariants {

	private static final long LIMIT = ObservedWorker.LIMIT;

	// How long nobody may serve while somebody could
	private static final long UNSERVED_LIMIT = 2000;

	private static final long THREAD_DUMP_LIMIT = 2000;

	private static final long LAST_WORDS_LIMIT = 1000;

	private static final long ABANDONMENT = 30_000;

	private static final long NEVER = ObservedWorker.NEVER;

	private final boolean rollingOnly;

	private final ObservedWorkers workers;

	private final SimulationPlan plan;

	private final ObservedSettings settings;

	private final ObservedSlots slots;

	private final ObservedReloads reloads;

	private final ObservedCopies snapshots;

	private final ObservedIncidents incidents = new ObservedIncidents();

	private final ObservedRespawns respawns = new ObservedRespawns();

	private final ObservedAnswers answers;

	private final ObservedLeadership leadership;

	private final ObservedEvents events = new ObservedEvents();

	private final ObservedEnd end = new ObservedEnd();

	private final ObservedConfinement confinement = new ObservedConfinement();

	private long now;

	private int lastId;

	private boolean listening;

	// Somebody has been ready
	private boolean up;

	private long unservedSince = NEVER;

	private int liveGeneration = 1;

	private int backlog;

	// That the event is about
	private ObservedWorker exited;

	private ObservedWorker forked;

	// Nothing has happened but that time has passed
	private boolean tick;

	private String line = "";

	private boolean reloading;

	SimulationInvariants(SimulationPlan plan) {
		this.plan = plan;
		this.settings = new ObservedSettings(plan.settings(1));
		this.rollingOnly = plan.isRollingOnly();
		this.slots = new ObservedSlots(this.settings, plan.guaranteesCapacity());
		this.workers = new ObservedWorkers(this.settings, this.incidents, this.slots.adoptions());
		this.reloads = new ObservedReloads(plan, this.settings);
		this.snapshots = new ObservedCopies(this.settings);
		this.leadership = new ObservedLeadership(this.settings);
		this.answers = new ObservedAnswers(this.reloads, this.incidents);
	}

	void before(PrimaryEvent event, long now) {
		this.now = now;
		this.exited = null;
		this.forked = null;
		this.tick = event instanceof PrimaryEvent.Tick;
		this.reloads.before();
		this.events.before();
		ObservedWorker worker = this.workers.of(event);
		if (worker != null) {
			beforeOf(worker, event);
		}
		else if (event instanceof PrimaryEvent.ReloadRequested && !this.end.isStopping()) {
			this.reloads.requested();
		}
		else if (event instanceof PrimaryEvent.ScaleRequested request && !this.end.isStopping()) {
			this.reloads.scaleBy(request.difference());
		}
		else if (event instanceof PrimaryEvent.ShutdownRequested request) {
			this.end.shutdown(request.exitCode());
		}
		else if (event instanceof PrimaryEvent.StopRequested request) {
			this.end.stop(request.exitCode(), now);
		}
		else if (event instanceof PrimaryEvent.ListenFailed) {
			this.end.stop(1, now);
		}
		else if (event instanceof PrimaryEvent.CodeCopied snapshot) {
			this.snapshots.taken(snapshot.generation());
		}
		else if (event instanceof PrimaryEvent.Trained training) {
			this.snapshots.trained(training.generation());
		}
	}

	private void beforeOf(ObservedWorker worker, PrimaryEvent event) {
		this.workers.before(worker, event, this.now);
		this.leadership.before(worker, event);
		if (event instanceof PrimaryEvent.WorkerForked) {
			this.forked = worker;
		}
		else if (event instanceof PrimaryEvent.WorkerExited exit) {
			this.exited = worker;
			this.answers.exited(worker.id);
			if (!this.up && !this.end.isStopping()) {
				this.end.stopping((worker.killedForReason) ? 1 : exit.code());
			}
		}
		else if (event instanceof PrimaryEvent.MessageReceived received
				&& received.message() instanceof Request request) {
			asked(request);
		}
		else if (event instanceof PrimaryEvent.MessageReceived received
				&& received.message() instanceof Message.Listens) {
			this.events.joined(worker.id);
		}
		else if (event instanceof PrimaryEvent.MessageReceived received
				&& received.message() instanceof Message.Unhealthy) {
			this.respawns.reported(worker.slot, this.settings.now(), this.now);
		}
		else if (event instanceof PrimaryEvent.MessageReceived received
				&& received.message() instanceof Message.ThreadDump dump) {
			worker.explanation = dump.text();
		}
	}

	/**
	 * A worker was forked; its causes will grow as it fails.
	 * @param worker its id
	 * @param causes what could be wrong with it
	 */
	void forked(int worker, Set<IncidentCause> causes) {
		this.incidents.forked(worker, causes);
	}

	Set<IncidentCause> causes(int worker) {
		return this.incidents.causes(worker);
	}

	/**
	 * Return whether workers are replaced because of their age all the time.
	 * @return whether it never comes to rest
	 */
	boolean isRecycling() {
		return !this.settings.now().worker().maxLifetime().isZero();
	}

	/**
	 * Return whether nothing seems to be missing.
	 * @return whether every slot has one worker, which serves and will, and its own
	 * socket
	 */
	boolean isComplete() {
		return this.slots.isComplete(this.workers.all());
	}

	private void asked(Request request) {
		this.answers.asked(request);
		if (request instanceof Request.Reload && !this.end.isStopping()) {
			this.reloads.requested();
		}
		else if (request instanceof Request.Scale scale && !this.end.isStopping()) {
			this.reloads.scaleTo(scale.workers());
		}
		else if (request instanceof Request.Shutdown) {
			this.end.shutdown(0);
		}
	}

	void after(List<PrimaryAction> actions, ClusterSnapshot snapshot) {
		this.settings.after(this.plan.settings(snapshot.generation()));
		this.slots.target(snapshot.target());
		this.liveGeneration = snapshot.generation();
		boolean reloads = snapshot.state() == ClusterState.RELOADING;
		this.reloading |= reloads;
		this.workers.after(actions, snapshot);
		for (PrimaryAction action : actions) {
			check(!this.end.isComplete(), "does nothing after the end", action);
			check(action);
		}
		if (!this.end.isComplete()) {
			boolean up = this.up && !this.end.isStopping();
			this.snapshots.checkTraining(!reloads && !this.end.isStopping(), this.workers.all());
			this.workers.check(snapshot);
			this.workers.checkDeadlines(this.now);
			this.end.check(this.now);
			this.slots.check(this.workers.all(), this.listening && !this.end.isStopping(), this.end.isStopping(),
					this.now);
			checkServed();
			this.confinement.check(this.workers.all(), this.now);
			if (up) {
				this.leadership.after(this.workers.all(), this.now);
			}
			this.answers.after(snapshot);
			if (this.exited != null) {
				this.events.exited(this.exited.id);
			}
			check((snapshot.state() == ClusterState.STOPPING) == this.end.isStopping(), "stops when it is told",
					snapshot);
			this.slots.checkParked(this.workers.all(), this.end.isStopping());
			this.reloads.check(snapshot, this.workers.all(), up, this.now);
			if (up) {
				this.respawns.check(Set.copyOf(snapshot.failedSlots()), snapshot.target(), this.reloading,
						this.slots.isCrowded(this.workers.all()), this.now);
				check(this.backlog == this.settings.now().backlog(), "listens with the backlog that it should",
						snapshot);
			}
			this.reloading = reloads;
		}
	}

	private void check(PrimaryAction action) {
		if (action instanceof PrimaryAction.Log log) {
			checkLog(log);
		}
		else if (action instanceof PrimaryAction.Fork fork) {
			checkFork(fork);
		}
		else if (action instanceof PrimaryAction.CopyCode snapshot) {
			this.snapshots.check(snapshot);
		}
		else if (action instanceof PrimaryAction.DiscardCode snapshot) {
			this.snapshots.check(snapshot, this.workers.all());
		}
		else if (action instanceof PrimaryAction.Send send) {
			checkSend(this.workers.get(send.worker()), send);
		}
		else if (action instanceof PrimaryAction.Admit admit) {
			ObservedWorker worker = this.workers.get(admit.worker());
			check(worker.online && !worker.admitted && (worker.isSpare() ? 0 : worker.slot) == admit.slot(),
					"admits once", action);
			worker.admitted = true;
		}
		else if (action instanceof PrimaryAction.Adopt adopt) {
			this.slots.adoptions().check(adopt, this.workers.get(adopt.worker()), this.workers.all(), this.now);
		}
		else if (action instanceof PrimaryAction.Assign assign) {
			this.slots.check(assign, this.workers.get(assign.worker()), this.workers.all());
			this.respawns.assigned(assign.slot());
		}
		else if (action instanceof PrimaryAction.Confine confine) {
			this.confinement.check(confine, this.workers.get(confine.worker()));
		}
		else if (action instanceof PrimaryAction.Dump dump) {
			ObservedWorker worker = this.workers.get(dump.worker());
			check(worker.hungAt <= this.now - THREAD_DUMP_LIMIT, "first asks politely", action);
			worker.speaksBy = this.now + LAST_WORDS_LIMIT;
		}
		else if (action instanceof PrimaryAction.Terminate terminate) {
			ObservedWorker worker = this.workers.get(terminate.worker());
			check(worker.terminatedAt == NEVER && this.now >= worker.drainsBy, "terminates late drainers", action);
			worker.terminatedAt = this.now;
		}
		else if (action instanceof PrimaryAction.Kill kill) {
			checkKill(this.workers.get(kill.worker()), kill);
		}
		else if (action instanceof PrimaryAction.Abandon abandon) {
			ObservedWorker worker = this.workers.get(abandon.worker());
			check(worker.killedAgainAt != NEVER && this.now >= worker.killedAgainAt + ABANDONMENT,
					"gives up only whom SIGKILL does not end", action);
		}
		else if (action instanceof PrimaryAction.Listen listen) {
			check(!this.listening || this.settings.isChanged(), "listens once with each backlog", action);
			this.listening = true;
			this.backlog = listen.backlog();
		}
		else if (action instanceof PrimaryAction.Steer steer) {
			check(this.listening, "listens before it steers", action);
			this.slots.steering().check(steer);
		}
		else if (action instanceof PrimaryAction.CloseSlot close) {
			this.slots.check(close, this.workers.all());
			this.respawns.closed(close.slot());
		}
		else if (action instanceof PrimaryAction.CountDrops) {
			check(!this.end.isComplete(), "counts while it lives", action);
		}
		else if (action instanceof PrimaryAction.Train train) {
			this.snapshots.check(train, this.workers.all());
		}
		else if (action instanceof PrimaryAction.StopTraining stop) {
			this.snapshots.check(stop);
		}
		else {
			this.end.check(action, this.workers.all(), this.listening, this.now);
		}
	}

	private void checkLog(PrimaryAction.Log log) {
		this.line = log.text();
		if (log.level() == Level.WARN) {
			check(!log.text().contains("null"), "logs sentences", log);
			if (!this.end.isStopping()) {
				this.respawns.check(log.text(), this.exited, this.settings.before(), this.now);
			}
		}
		else if (this.forked != null && log.text().contains(" forked: ")) {
			this.forked.fillsVacancy = log.text().endsWith(" forked: start") || log.text().endsWith(" forked: respawn");
			this.forked.replaces = log.text().contains(" forked: replaces ") || log.text().contains(" forked: brings ");
		}
	}

	private void checkFork(PrimaryAction.Fork fork) {
		check(fork.worker() > this.lastId, "never uses an id twice", fork);
		this.reloads.forked(fork.generation());
		this.snapshots.forked(fork);
		check(!this.end.isStopping(), "forks nothing when it stops", fork);
		check(this.up || this.workers.all().isEmpty() && fork.slot() == 0, "starts slot 0 alone", fork);
		this.lastId = fork.worker();
		this.respawns.check(fork, this.workers.all().stream().noneMatch((worker) -> worker.slot == fork.slot()),
				this.reloading, this.now);
		ObservedWorker worker = new ObservedWorker(fork.worker(), fork.slot(), fork.generation());
		worker.forked(
				this.settings.least((settings) -> Math.min(settings.startTimeout().toMillis(),
						settings.reload().readyTimeout().toMillis())),
				this.settings.most((settings) -> Math.max(settings.startTimeout().toMillis(),
						settings.reload().readyTimeout().toMillis())),
				this.now);
		this.slots.checkPace(fork, this.workers.all());
		this.workers.add(worker);
		this.slots.check(fork, this.workers.all(), this.rollingOnly);
	}

	private void checkSend(ObservedWorker worker, PrimaryAction.Send send) {
		if (send.message() instanceof Message.OpenGate) {
			check(this.listening, "listens before a gate opens", send);
			check(worker.accepting && (!worker.opened || worker.parked) && worker.drainedAt == NEVER
					&& worker.killedAt == NEVER, "opens who is ready, once", send);
			if (worker.parked) {
				this.slots.returned(worker, this.workers.all());
				return;
			}
			this.up = true;
			worker.opened = true;
			worker.openedAt = this.now;
			this.respawns.opened(worker);
			this.reloads.opened(worker.generation,
					this.workers.all()
						.stream()
						.anyMatch((other) -> other != worker && other.slot == worker.slot && other.isServing()));
		}
		else if (send.message() instanceof Message.Park park) {
			check(this.reloads.isCanaryOpened() && this.settings.maxSurge() > 0, "parks for the canary", send);
			check(this.settings.any((settings) -> settings.keepAliveGrace().equals(park.keepAliveGrace())),
					"parks as configured", send);
			this.slots.checkTaken(worker, this.workers.all(), send);
			worker.parked = true;
		}
		else if (send.message() instanceof Message.FailOpen failOpen) {
			checkFailOpen(worker, failOpen.open(), send);
		}
		else if (send.message() instanceof Message.Drain drain) {
			checkDrain(worker, drain, send);
		}
		else if (send.message() instanceof Message.ThreadDumpRequest && !worker.isReady()) {
			check(worker.online && this.now >= worker.startsAfter, "gives everybody time to start", send);
			worker.explainsBy = this.now + THREAD_DUMP_LIMIT;
		}
		else if (send.message() instanceof Message.ThreadDumpRequest) {
			check(worker.hangsAt <= this.now, "suspects nobody who was heard", send);
			worker.hungAt = this.now;
			worker.speaksBy = this.now + THREAD_DUMP_LIMIT;
			this.incidents.foreseen(worker, IncidentCause.HANG, null);
		}
		else if (send.message() instanceof Message.Release release) {
			this.slots.adoptions().check(release, worker, this.workers.all(), this.slots.target(), this.now);
		}
		else if (send.message() instanceof Leading.Grant || send.message() instanceof Leading.Resign
				|| send.message() instanceof Reply.Lease) {
			checkLeading(worker, send);
		}
		else if (send.message() instanceof Message.Happened happened) {
			this.events.check(send, happened);
		}
		else if (send.message() instanceof Reply reply) {
			this.answers.check(worker.id, reply, this.end.isStopping(), this.settings.before(), this.now);
		}
	}

	private void checkLeading(ObservedWorker worker, PrimaryAction.Send send) {
		check(!this.end.isStopping() || send.message() instanceof Reply, "lets nobody lead when it stops", send);
		this.leadership.check(send, worker, this.now);
		if (send.message() instanceof Reply reply) {
			this.answers.check(worker.id, reply, this.end.isStopping(), this.settings.before(), this.now);
		}
	}

	private void checkDrain(ObservedWorker worker, Message.Drain drain, PrimaryAction.Send send) {
		check(worker.online && worker.canDrain(), "drains nobody who has not served", send);
		check(worker.drainedAt == NEVER && worker.killedAt == NEVER, "drains once", send);
		this.slots.check(send, drain.last(), worker, this.end.isStopping());
		check(!this.end.mustHold(this.listening) || !drain.last(), "holds before it drains", send);
		check(this.settings.any((settings) -> settings.drainTimeout().equals(drain.timeout())
				&& settings.keepAliveGrace().equals(drain.keepAliveGrace())), "drains as configured", send);
		if (!this.end.isStopping()) {
			this.slots.checkTaken(worker, this.workers.all(), send);
			check(!worker.isServing() || !this.reloads.isCanaryOpened() || this.settings.maxSurge() == 0,
					"keeps the canary's predecessor", send);
		}
		worker.drainedAt = this.now;
		worker.drainsBy(drain.timeout(), this.now);
	}

	private void checkKill(ObservedWorker worker, PrimaryAction.Kill kill) {
		if (worker.killedAt != NEVER) {
			check(worker.killedAgainAt == NEVER && this.now >= worker.killedAt + LIMIT,
					"kills again only who does not end", kill);
			worker.killedAgainAt = this.now;
			return;
		}
		boolean escalated = worker.terminatedAt != NEVER && this.now >= worker.terminatedAt + LIMIT;
		boolean hung = worker.hungAt != NEVER;
		boolean late = this.line.contains(" killed: not ready within ");
		check(escalated || hung || worker.socketless || this.end.isForced() || this.now >= worker.closesBy || late
				|| !worker.canDrain(), "kills nobody who can drain", kill);
		if (late) {
			check(!worker.isReady() && this.now >= worker.startsAfter, "gives everybody time to start", kill);
			check(!worker.online || worker.explainsBy != NEVER, "asks why before it kills", kill);
			this.incidents.foreseen(worker, IncidentCause.START_FAILURE, worker.explanation);
		}
		if (!this.end.isStopping()) {
			this.slots.checkTaken(worker, this.workers.all(), kill);
		}
		worker.killedAt = this.now;
		worker.killedForReason = this.line.contains(" killed: ") && !(this.tick && escalated);
	}

	private void checkFailOpen(ObservedWorker worker, boolean open, PrimaryAction.Send send) {
		if (open) {
			check(this.listening, "listens before a gate opens", send);
			check(worker.couldServe() && !worker.failOpen, "opens who could serve", send);
			check(this.workers.all().stream().noneMatch(ObservedWorker::isServing),
					"opens who is not ready only where nobody is", send);
			check(isServiceDue(), "gives everybody time to be ready", send);
			check(worker.opened || worker.generation == this.liveGeneration,
					"opens nobody that a reload brings before it is ready", send);
		}
		else {
			check(worker.failOpen, "closes who is open", send);
		}
		worker.failOpen = open;
		worker.failedOpen |= open;
	}

	private boolean isServiceDue() {
		return !this.up || this.now - UNSERVED_LIMIT >= this.unservedSince;
	}

	private void checkServed() {
		if (this.workers.all().stream().anyMatch(ObservedWorker::isServing)) {
			this.unservedSince = NEVER;
		}
		else if (this.unservedSince == NEVER) {
			this.unservedSince = this.now;
		}
		check(this.end.isStopping() || !isServiceDue()
				|| this.workers.all()
					.stream()
					.noneMatch((worker) -> worker.couldServe() && worker.generation == this.liveGeneration
							&& worker.slot < this.slots.target())
				|| this.workers.all().stream().anyMatch(ObservedWorker::isOpen), "lets somebody serve",
				this.workers.all());
	}

	/**
	 * Check that after a time without failures everything is in order.
	 * @param snapshot how things are
	 */
	void checkSettled(ClusterSnapshot snapshot) {
		check(snapshot.state() == ClusterState.RUNNING, "comes to rest", snapshot);
		this.slots.checkSettled(this.workers.all());
		for (ObservedWorker worker : this.workers.all()) {
			check(worker.isServing() || worker.isSpare() && worker.accepting, "serves every slot in the end", snapshot);
			check(!worker.unhealthy && worker.hungAt == NEVER, "replaces who is unhealthy", snapshot);
			check(worker.generation == snapshot.generation(), "ends with one generation", snapshot);
		}
		this.reloads.checkSettled(snapshot);
		this.snapshots.checkSettled(snapshot.generation());
	}

	void checkEnded(boolean exited) {
		check(exited && this.end.isComplete(), "always ends", this.workers.all());
	}

	static void check(boolean condition, String promise, Object evidence) {
		if (!condition) {
			throw new AssertionError("The supervisor " + promise + ": " + evidence);
		}
	}

}
