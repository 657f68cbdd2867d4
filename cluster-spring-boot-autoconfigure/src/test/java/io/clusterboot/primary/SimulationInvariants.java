package io.clusterboot.primary;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentCause;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.primary.PrimaryAction.Level;

/**
 * The promises of a {@link Supervisor}, checked after every event against nothing but
 * what it was told and what it did.
 */
final class SimulationInvariants {

	private static final long PATIENCE = 5000;

	private static final long THREAD_DUMP_PATIENCE = 2000;

	private static final long LAST_WORDS_PATIENCE = 1000;

	private static final long NEVER = ObservedWorker.NEVER;

	private final boolean rollingOnly;

	private final Map<Integer, ObservedWorker> workers = new TreeMap<>();

	private final SimulationPlan plan;

	private final ObservedSettings settings;

	private final ObservedSlots slots;

	private final ObservedReloads reloads;

	private final ObservedSnapshots snapshots;

	private final ObservedIncidents incidents = new ObservedIncidents();

	private final ObservedRespawns respawns = new ObservedRespawns();

	private final ObservedAnswers answers;

	private final ObservedEnd end = new ObservedEnd();

	private long now;

	private int lastId;

	private boolean listening;

	private int backlog;

	// That the event is about
	private ObservedWorker exited;

	private ObservedWorker forked;

	private String line = "";

	private boolean reloading;

	SimulationInvariants(SimulationPlan plan) {
		this.plan = plan;
		this.settings = new ObservedSettings(plan.settings(1));
		this.rollingOnly = plan.isRollingOnly();
		this.slots = new ObservedSlots(this.settings, plan.guaranteesCapacity());
		this.reloads = new ObservedReloads(plan, this.settings);
		this.snapshots = new ObservedSnapshots(this.settings);
		this.answers = new ObservedAnswers(this.reloads, this.incidents);
	}

	void before(PrimaryEvent event, long now) {
		this.now = now;
		this.exited = null;
		this.forked = null;
		this.reloads.before();
		if (event instanceof PrimaryEvent.WorkerExited exit && this.workers.containsKey(exit.worker())) {
			exited(this.workers.remove(exit.worker()), exit);
		}
		else if (event instanceof PrimaryEvent.WorkerForked fork) {
			this.forked = this.workers.get(fork.worker());
		}
		else if (event instanceof PrimaryEvent.ChannelEnded ended && this.workers.containsKey(ended.worker())) {
			ObservedWorker worker = this.workers.get(ended.worker());
			worker.left = true;
			worker.endsByItself(drainTimeout(), now);
		}
		else if (event instanceof PrimaryEvent.MessageReceived received
				&& this.workers.containsKey(received.worker())) {
			ObservedWorker worker = this.workers.get(received.worker());
			if (received.message() instanceof Message.Request request) {
				asked(request);
			}
			else {
				heard(worker, received.message());
			}
		}
		else if (event instanceof PrimaryEvent.SocketFailed failure && this.workers.containsKey(failure.worker())) {
			socketFailed(this.workers.get(failure.worker()), failure.slot());
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
		else if (event instanceof PrimaryEvent.SnapshotTaken snapshot) {
			this.snapshots.taken(snapshot.generation());
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
	 * @return whether every slot has one worker, which serves, and its own socket
	 */
	boolean isComplete() {
		return this.slots.isComplete(this.workers.values());
	}

	private Duration drainTimeout() {
		return this.settings.now().drainTimeout();
	}

	private void exited(ObservedWorker worker, PrimaryEvent.WorkerExited exit) {
		this.exited = worker;
		this.incidents.exited(worker, exit);
		worker.left = true;
		if (!this.listening && !this.end.isStopping()) {
			this.end.stopping((worker.killedAt != NEVER) ? 1 : exit.code());
		}
	}

	private void socketFailed(ObservedWorker worker, int slot) {
		if (worker.slot == slot || worker.isSpare()) {
			worker.socketless = true;
			this.incidents.foreseen(worker, IncidentCause.START_FAILURE, null);
		}
		else {
			this.slots.adoptions().failed(worker, slot, this.now);
		}
	}

	private void heard(ObservedWorker worker, Message.FromWorker message) {
		Duration hangTimeout = this.settings.now().worker().hangTimeout();
		if (message instanceof Message.Hello) {
			worker.online = true;
		}
		else if (message instanceof Message.Readiness readiness) {
			heard(worker, readiness, hangTimeout);
		}
		else if (message instanceof Message.Heartbeat heartbeat) {
			worker.measured(heartbeat.metrics(), this.now);
			heardAgain(worker, hangTimeout);
		}
		else if (message instanceof Message.Unhealthy unhealthy) {
			unhealthy(worker, unhealthy.cause(), unhealthy.threadDump(), hangTimeout);
		}
		else if (message instanceof Message.Liveness) {
			unhealthy(worker, IncidentCause.BROKEN, null, hangTimeout);
		}
		else if (message instanceof Message.ThreadDump dump) {
			this.incidents.dumped(worker, dump.text());
		}
		else if (message instanceof Message.Released released) {
			this.slots.adoptions().released(worker, released.slot());
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
				worker.endsByItself(drainTimeout(), this.now);
			}
		}
		else if (message instanceof Message.GateClosed) {
			worker.gateClosed = true;
			worker.endsByItself(drainTimeout(), this.now);
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
			worker.startsAfter = this.now + this.settings.now().reload().readyTimeout().toMillis();
			worker.startsBy = worker.startsAfter;
		}
	}

	private void heardAgain(ObservedWorker worker, Duration hangTimeout) {
		if (worker.isHung()) {
			this.incidents.heardAgain(worker);
		}
		worker.heard(hangTimeout, this.now);
	}

	private void unhealthy(ObservedWorker worker, IncidentCause cause, String threadDump, Duration hangTimeout) {
		worker.unhealthy = true;
		if (!worker.isEnding()) {
			heardAgain(worker, hangTimeout);
			this.incidents.foreseen(worker, cause, threadDump);
		}
	}

	private void asked(Message.Request request) {
		this.answers.asked(request);
		if (request instanceof Message.ReloadRequest && !this.end.isStopping()) {
			this.reloads.requested();
		}
		else if (request instanceof Message.ScaleRequest scale && !this.end.isStopping()) {
			this.reloads.scaleTo(scale.workers());
		}
		else if (request instanceof Message.ShutdownRequest) {
			this.end.shutdown(0);
		}
	}

	void after(List<PrimaryAction> actions, ClusterSnapshot snapshot) {
		this.settings.after(this.plan.settings(snapshot.generation()));
		this.slots.target(snapshot.target());
		boolean reloads = snapshot.state() == ClusterState.RELOADING;
		this.reloading |= reloads;
		for (PrimaryAction action : actions) {
			check(!this.end.isComplete(), "does nothing after the end", action);
			check(action);
		}
		if (!this.end.isComplete()) {
			boolean up = this.listening && !this.end.isStopping();
			checkWorkers(snapshot);
			checkDeadlines();
			this.slots.check(this.workers.values(), up, this.end.isStopping(), this.now);
			this.answers.after(snapshot);
			check((snapshot.state() == ClusterState.STOPPING) == this.end.isStopping(), "stops when it is told",
					snapshot);
			this.reloads.check(snapshot, this.workers.values(), up, this.now);
			if (up) {
				this.respawns.check(Set.copyOf(snapshot.failedSlots()), snapshot.target(), this.reloading, this.now);
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
		else if (action instanceof PrimaryAction.TakeSnapshot snapshot) {
			this.snapshots.check(snapshot);
		}
		else if (action instanceof PrimaryAction.DiscardSnapshot snapshot) {
			this.snapshots.check(snapshot, this.workers.values());
		}
		else if (action instanceof PrimaryAction.Send send) {
			checkSend(known(send.worker()), send);
		}
		else if (action instanceof PrimaryAction.Admit admit) {
			ObservedWorker worker = known(admit.worker());
			check(worker.online && !worker.admitted && (worker.isSpare() ? 0 : worker.slot) == admit.slot(),
					"admits once", action);
			worker.admitted = true;
		}
		else if (action instanceof PrimaryAction.Adopt adopt) {
			this.slots.adoptions().check(adopt, known(adopt.worker()), this.workers.values(), this.now);
		}
		else if (action instanceof PrimaryAction.Assign assign) {
			this.slots.check(assign, known(assign.worker()), this.workers.values());
			this.respawns.assigned(assign.slot());
		}
		else if (action instanceof PrimaryAction.Dump dump) {
			ObservedWorker worker = known(dump.worker());
			check(worker.hungAt <= this.now - THREAD_DUMP_PATIENCE, "first asks politely", action);
			worker.speaksBy = this.now + LAST_WORDS_PATIENCE;
		}
		else if (action instanceof PrimaryAction.Terminate terminate) {
			ObservedWorker worker = known(terminate.worker());
			check(worker.terminatedAt == NEVER && this.now >= worker.drainsBy, "terminates late drainers", action);
			worker.terminatedAt = this.now;
		}
		else if (action instanceof PrimaryAction.Kill kill) {
			checkKill(known(kill.worker()), kill);
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
			this.slots.check(close, this.workers.values());
			this.respawns.closed(close.slot());
		}
		else if (action instanceof PrimaryAction.CountDrops) {
			check(!this.end.isComplete(), "counts while it lives", action);
		}
		else if (action instanceof PrimaryAction.Train train) {
			this.snapshots.check(train, this.workers.values());
		}
		else {
			this.end.check(action, this.workers.values(), this.listening, this.now);
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
			this.forked.replaces = log.text().contains(" forked: replaces ") || log.text().contains(" forked: brings ");
		}
	}

	private void checkFork(PrimaryAction.Fork fork) {
		check(fork.worker() > this.lastId, "never uses an id twice", fork);
		this.reloads.forked(fork.generation());
		this.snapshots.forked(fork);
		check(!this.end.isStopping(), "forks nothing when it stops", fork);
		check(this.listening || this.workers.isEmpty() && fork.slot() == 0, "starts slot 0 alone", fork);
		this.lastId = fork.worker();
		this.respawns.check(fork, this.workers.values().stream().noneMatch((worker) -> worker.slot == fork.slot()),
				this.reloading, this.now);
		ObservedWorker worker = new ObservedWorker(fork.worker(), fork.slot(), fork.generation());
		worker.startsAfter = this.now + this.settings.least((settings) -> Math.min(settings.startTimeout().toMillis(),
				settings.reload().readyTimeout().toMillis()));
		worker.startsBy = this.now + this.settings.most((settings) -> Math.max(settings.startTimeout().toMillis(),
				settings.reload().readyTimeout().toMillis()));
		this.workers.put(fork.worker(), worker);
		this.slots.check(fork, this.workers.values(), this.rollingOnly);
	}

	private void checkSend(ObservedWorker worker, PrimaryAction.Send send) {
		if (send.message() instanceof Message.OpenGate) {
			check(this.listening, "listens before a gate opens", send);
			check(worker.accepting && !worker.opened && worker.drainedAt == NEVER && worker.killedAt == NEVER,
					"opens who is ready, once", send);
			worker.opened = true;
			worker.openedAt = this.now;
			this.respawns.opened(worker);
			this.reloads.opened(worker.generation,
					this.workers.values()
						.stream()
						.anyMatch((other) -> other != worker && other.slot == worker.slot && other.isServing()));
		}
		else if (send.message() instanceof Message.Drain drain) {
			checkDrain(worker, drain, send);
		}
		else if (send.message() instanceof Message.ThreadDumpRequest) {
			check(worker.hangsAt <= this.now, "suspects nobody who was heard", send);
			worker.hungAt = this.now;
			worker.speaksBy = this.now + THREAD_DUMP_PATIENCE;
			this.incidents.foreseen(worker, IncidentCause.HANG, null);
		}
		else if (send.message() instanceof Message.Release release) {
			this.slots.adoptions().check(release, worker, this.workers.values(), this.slots.target(), this.now);
		}
		else if (send.message() instanceof Message.Reply reply) {
			this.answers.check(reply, this.end.isStopping(), this.settings.before());
		}
	}

	private void checkDrain(ObservedWorker worker, Message.Drain drain, PrimaryAction.Send send) {
		check(worker.online && worker.isReady(), "drains nobody who is not ready", send);
		check(worker.drainedAt == NEVER && worker.killedAt == NEVER, "drains once", send);
		this.slots.check(send, drain.last(), worker, this.end.isStopping());
		check(!this.end.mustHold(this.listening) || !drain.last(), "holds before it drains", send);
		check(this.settings.any((settings) -> settings.drainTimeout().equals(drain.timeout())
				&& settings.keepAliveGrace().equals(drain.keepAliveGrace())), "drains as configured", send);
		if (!this.end.isStopping()) {
			this.slots.checkTaken(worker, this.workers.values(), send);
		}
		worker.drainedAt = this.now;
		worker.drainsBy = this.now + drain.timeout().toMillis();
	}

	private void checkKill(ObservedWorker worker, PrimaryAction.Kill kill) {
		check(worker.killedAt == NEVER, "kills once", kill);
		boolean escalated = worker.terminatedAt != NEVER && this.now >= worker.terminatedAt + PATIENCE;
		boolean hung = worker.hungAt != NEVER;
		check(escalated || hung || worker.socketless || this.end.isForced() || !worker.isReady(),
				"kills nobody who can drain", kill);
		if (this.line.contains(" killed: not ready within ")) {
			check(this.now >= worker.startsAfter, "gives everybody time to start", kill);
			this.incidents.foreseen(worker, IncidentCause.START_FAILURE, null);
		}
		if (!this.end.isStopping()) {
			this.slots.checkTaken(worker, this.workers.values(), kill);
		}
		worker.killedAt = this.now;
	}

	private void checkWorkers(ClusterSnapshot snapshot) {
		check(snapshot.workers().size() == this.workers.size(), "forgets nobody", snapshot);
		for (WorkerSnapshot known : snapshot.workers()) {
			ObservedWorker worker = this.workers.get(known.id());
			check(worker != null && worker.slot == known.slot() && worker.generation == known.generation(),
					"knows everybody", known);
			check((known.state() == WorkerState.READY) == worker.isServing() || worker.killedAt != NEVER
					|| worker.hungAt != NEVER, "knows who serves", known);
			check((known.state() == WorkerState.WARM) == (worker.isSpare() && worker.accepting && !worker.isEnding())
					|| worker.killedAt != NEVER || worker.left, "knows who is warm", known);
		}
	}

	private void checkDeadlines() {
		this.end.check(this.now);
		for (ObservedWorker worker : this.workers.values()) {
			if (worker.killedAt == NEVER) {
				check(worker.terminatedAt == NEVER || this.now < worker.terminatedAt + PATIENCE, "kills after SIGTERM",
						worker);
				check(worker.terminatedAt != NEVER || this.now < worker.drainsBy, "terminates after a drain", worker);
				check(!worker.isHung() || worker.left || this.now < worker.speaksBy, "kills who hangs", worker);
				check(!worker.isReady() || worker.isEnding() || worker.left || worker.hungAt != NEVER
						|| this.now < worker.hangsAt, "notices who hangs", worker);
				check(worker.isReady() || worker.left || worker.endsByItself || this.now < worker.startsBy,
						"kills who is never ready", worker);
			}
		}
	}

	/**
	 * Check that after a time without failures everything is in order.
	 * @param snapshot how things are
	 */
	void checkSettled(ClusterSnapshot snapshot) {
		check(snapshot.state() == ClusterState.RUNNING, "comes to rest", snapshot);
		this.slots.checkSettled(this.workers.values());
		for (ObservedWorker worker : this.workers.values()) {
			check(worker.isServing() || worker.isSpare() && worker.accepting, "serves every slot in the end", snapshot);
			check(!worker.unhealthy && worker.hungAt == NEVER, "replaces who is unhealthy", snapshot);
			check(worker.generation == snapshot.generation(), "ends with one generation", snapshot);
		}
		this.reloads.checkSettled(snapshot);
		this.snapshots.checkSettled(snapshot.generation());
	}

	void checkEnded(boolean exited) {
		check(exited && this.end.isComplete(), "always ends", this.workers);
	}

	private ObservedWorker known(int id) {
		ObservedWorker worker = this.workers.get(id);
		check(worker != null, "acts on living workers only", id);
		return worker;
	}

	static void check(boolean condition, String promise, Object evidence) {
		if (!condition) {
			throw new AssertionError("The supervisor " + promise + ": " + evidence);
		}
	}

}
