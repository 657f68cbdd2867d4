package io.clusterboot.primary;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
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

	private static final long STOP_PATIENCE = 1000;

	private static final long THREAD_DUMP_PATIENCE = 2000;

	private static final long LAST_WORDS_PATIENCE = 1000;

	private static final long NEVER = ObservedWorker.NEVER;

	private final SupervisorSettings settings;

	private final boolean rollingOnly;

	private final Map<Integer, ObservedWorker> workers = new TreeMap<>();

	private final Set<Long> openRequests = new HashSet<>();

	private final SimulationPlan plan;

	private final ObservedSlots slots;

	private final ObservedReloads reloads;

	private final ObservedSnapshots snapshots;

	private long now;

	private int lastId;

	private boolean listening;

	private boolean stopping;

	private boolean graceful;

	private long stopAt = NEVER;

	private int expectedCode;

	private boolean held;

	private boolean refused;

	private boolean exited;

	SimulationInvariants(SimulationPlan plan) {
		this.plan = plan;
		this.settings = plan.configuration().settings();
		this.rollingOnly = plan.isRollingOnly();
		this.slots = new ObservedSlots(this.settings, plan.guaranteesCapacity());
		this.reloads = new ObservedReloads(plan);
		this.snapshots = new ObservedSnapshots(this.settings.reload().training());
	}

	void before(PrimaryEvent event, long now, Supervisor supervisor) {
		this.now = now;
		this.reloads.before();
		if (event instanceof PrimaryEvent.WorkerExited exit) {
			ObservedWorker worker = this.workers.remove(exit.worker());
			if (worker != null) {
				worker.left = true;
			}
			if (worker != null && !this.listening && !this.stopping) {
				stopping((worker.killedAt != NEVER) ? 1 : exit.code());
			}
		}
		else if (event instanceof PrimaryEvent.ChannelEnded ended && this.workers.containsKey(ended.worker())) {
			ObservedWorker worker = this.workers.get(ended.worker());
			worker.left = true;
			worker.channelEndedAt = now;
		}
		else if (event instanceof PrimaryEvent.MessageReceived received
				&& this.workers.containsKey(received.worker())) {
			heard(this.workers.get(received.worker()), received.message());
		}
		else if (event instanceof PrimaryEvent.SocketFailed failure && this.workers.containsKey(failure.worker())) {
			socketFailed(this.workers.get(failure.worker()), failure.slot());
		}
		else if (event instanceof PrimaryEvent.ReloadRequested && !this.stopping) {
			this.reloads.requested();
		}
		else if (event instanceof PrimaryEvent.ShutdownRequested request) {
			shutdown(request.exitCode());
		}
		else if (event instanceof PrimaryEvent.StopRequested request) {
			stop(request.exitCode());
		}
		else if (event instanceof PrimaryEvent.ListenFailed) {
			stop(1);
		}
		else if (event instanceof PrimaryEvent.SnapshotTaken snapshot) {
			this.snapshots.taken(snapshot.generation());
		}
	}

	private void socketFailed(ObservedWorker worker, int slot) {
		if (worker.slot == slot || worker.isSpare()) {
			worker.socketless = true;
		}
		else {
			this.slots.adoptions().failed(worker, slot, this.now);
		}
	}

	private void heard(ObservedWorker worker, Message.FromWorker message) {
		if (message instanceof Message.Hello) {
			worker.online = true;
		}
		else if (message instanceof Message.Readiness readiness && worker.killedAt == NEVER) {
			if (worker.accepting) {
				worker.notReadyAt = this.now;
			}
			worker.hungAt = NEVER;
			worker.heardAt = (readiness.accepting() || worker.opened) ? this.now : NEVER;
			worker.accepting = readiness.accepting();
		}
		else if (message instanceof Message.Heartbeat && worker.killedAt == NEVER) {
			worker.hungAt = NEVER;
			worker.heardAt = this.now;
		}
		else if (message instanceof Message.Unhealthy || message instanceof Message.Liveness) {
			worker.unhealthy = true;
			worker.heard(this.now);
		}
		else if (message instanceof Message.Released released) {
			this.slots.adoptions().released(worker, released.slot());
		}
		else if (message instanceof Message.SocketFailed failure) {
			this.slots.adoptions().failed(worker, failure.slot(), this.now);
		}
		else if (message instanceof Message.Leaving) {
			worker.unhealthy |= worker.isReady();
			worker.heard(this.now);
		}
		else if (message instanceof Message.GateClosed) {
			worker.gateClosed = true;
		}
		else if (message instanceof Message.Request request) {
			this.openRequests.add(request.id());
			if (message instanceof Message.ReloadRequest && !this.stopping) {
				this.reloads.requested();
			}
			if (message instanceof Message.ScaleRequest scale && !this.stopping) {
				this.reloads.scaleTo(scale.workers());
			}
			if (message instanceof Message.ShutdownRequest) {
				shutdown(0);
			}
		}
	}

	private void shutdown(int code) {
		if (!this.stopping) {
			this.graceful = true;
			stopping(code);
		}
	}

	private void stop(int code) {
		this.stopAt = Math.min(this.stopAt, this.now);
		stopping(code);
	}

	private void stopping(int code) {
		this.stopping = true;
		this.expectedCode = code;
	}

	void after(List<PrimaryAction> actions, Supervisor supervisor) {
		this.slots.target(supervisor.snapshot().target());
		for (PrimaryAction action : actions) {
			check(!this.exited, "does nothing after the end", action);
			check(action);
		}
		if (!this.exited) {
			ClusterSnapshot snapshot = supervisor.snapshot();
			checkWorkers(snapshot);
			checkDeadlines();
			this.slots.check(this.workers.values(), this.listening, this.stopping, this.now);
			check(this.openRequests.isEmpty(), "answers every request", this.openRequests);
			check((snapshot.state() == ClusterState.STOPPING) == this.stopping, "stops when it is told", snapshot);
			this.reloads.check(snapshot, this.workers.values(), this.listening && !this.stopping, this.now);
		}
	}

	private void check(PrimaryAction action) {
		if (action instanceof PrimaryAction.Fork fork) {
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
		}
		else if (action instanceof PrimaryAction.Dump dump) {
			check(known(dump.worker()).hungAt <= this.now - THREAD_DUMP_PATIENCE, "first asks politely", action);
		}
		else if (action instanceof PrimaryAction.Terminate terminate) {
			ObservedWorker worker = known(terminate.worker());
			check(worker.terminatedAt == NEVER && this.now >= drainDeadline(worker), "terminates late drainers",
					action);
			worker.terminatedAt = this.now;
		}
		else if (action instanceof PrimaryAction.Kill kill) {
			checkKill(known(kill.worker()), kill);
		}
		else if (action instanceof PrimaryAction.Listen) {
			check(!this.listening, "listens once", action);
			this.listening = true;
		}
		else if (action instanceof PrimaryAction.Steer steer) {
			check(this.listening, "listens before it steers", action);
			this.slots.check(steer);
		}
		else if (action instanceof PrimaryAction.CloseSlot close) {
			this.slots.check(close, this.workers.values());
		}
		else if (action instanceof PrimaryAction.CountDrops) {
			check(!this.exited, "counts while it lives", action);
		}
		else if (action instanceof PrimaryAction.Train train) {
			this.snapshots.check(train, this.workers.values());
		}
		else if (action instanceof PrimaryAction.Log log) {
			check(log.level() != Level.WARN || !log.text().contains("null"), "logs sentences", action);
		}
		else {
			checkEnd(action);
		}
	}

	private void checkFork(PrimaryAction.Fork fork) {
		check(fork.worker() > this.lastId, "never uses an id twice", fork);
		this.reloads.forked(fork.generation());
		this.snapshots.forked(fork);
		check(!this.stopping, "forks nothing when it stops", fork);
		check(this.listening || this.workers.isEmpty() && fork.slot() == 0, "starts slot 0 alone", fork);
		this.lastId = fork.worker();
		this.workers.put(fork.worker(), new ObservedWorker(fork.worker(), fork.slot(), fork.generation(), this.now));
		this.slots.check(fork, this.workers.values(), this.rollingOnly);
	}

	private void checkSend(ObservedWorker worker, PrimaryAction.Send send) {
		if (send.message() instanceof Message.OpenGate) {
			check(this.listening, "listens before a gate opens", send);
			check(worker.accepting && !worker.opened && worker.drainedAt == NEVER && worker.killedAt == NEVER,
					"opens who is ready, once", send);
			worker.opened = true;
			this.reloads.opened(worker.generation,
					this.workers.values()
						.stream()
						.anyMatch((other) -> other != worker && other.slot == worker.slot && other.isServing()));
		}
		else if (send.message() instanceof Message.Drain drain) {
			check(worker.online && worker.isReady(), "drains nobody who is not ready", send);
			check(worker.drainedAt == NEVER && worker.killedAt == NEVER, "drains once", send);
			this.slots.check(send, drain.last(), worker, this.stopping);
			check(!this.graceful || !this.listening || this.held || !drain.last(), "holds before it drains", send);
			if (!this.stopping) {
				this.slots.checkTaken(worker, this.workers.values(), send);
			}
			worker.drainedAt = this.now;
		}
		else if (send.message() instanceof Message.ThreadDumpRequest) {
			check(worker.heardAt <= this.now - this.settings.worker().hangTimeout().toMillis(),
					"suspects nobody who was heard", send);
			worker.hungAt = this.now;
		}
		else if (send.message() instanceof Message.Release release) {
			this.slots.adoptions().check(release, worker, this.workers.values(), this.slots.target(), this.now);
		}
		else if (send.message() instanceof Message.Reply reply) {
			check(this.openRequests.remove(reply.id()), "answers once", send);
			check(!(reply instanceof Message.Refusal) || this.stopping, "refuses only when it stops", send);
			if (reply instanceof Message.ReloadReply reloadReply) {
				this.reloads.answered(reloadReply.reload());
			}
		}
	}

	private void checkKill(ObservedWorker worker, PrimaryAction.Kill kill) {
		check(worker.killedAt == NEVER, "kills once", kill);
		boolean escalated = worker.terminatedAt != NEVER && this.now >= worker.terminatedAt + PATIENCE;
		boolean hung = worker.hungAt != NEVER;
		check(escalated || hung || worker.socketless || this.stopAt != NEVER || !worker.isReady(),
				"kills nobody who can drain", kill);
		if (!this.stopping) {
			this.slots.checkTaken(worker, this.workers.values(), kill);
		}
		worker.killedAt = this.now;
	}

	private void checkEnd(PrimaryAction action) {
		check(this.stopping && !this.exited, "ends once and only when it should", action);
		if (action instanceof PrimaryAction.Hold) {
			check(this.graceful && this.listening && !this.held, "holds once", action);
			this.held = true;
		}
		else if (action instanceof PrimaryAction.Refuse) {
			check(this.listening && !this.refused, "refuses once", action);
			check(this.workers.values()
				.stream()
				.allMatch((worker) -> worker.gateClosed || !worker.isReady() || worker.hungAt != NEVER),
					"refuses nobody while a gate is open", action);
			this.refused = true;
		}
		else if (action instanceof PrimaryAction.Exit exit) {
			check(exit.code() == this.expectedCode, "exits with " + this.expectedCode, action);
			check(this.workers.isEmpty() || this.now - STOP_PATIENCE >= this.stopAt, "leaves nobody behind", action);
			this.exited = true;
		}
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
		check(this.stopAt == NEVER || this.now < this.stopAt + STOP_PATIENCE, "stops at once", this.stopAt);
		for (ObservedWorker worker : this.workers.values()) {
			if (worker.killedAt == NEVER) {
				check(worker.terminatedAt == NEVER || this.now < worker.terminatedAt + PATIENCE, "kills after SIGTERM",
						worker);
				check(worker.terminatedAt != NEVER || this.now < drainDeadline(worker), "terminates after a drain",
						worker);
				check(worker.hungAt == NEVER || worker.isEnding() || worker.left
						|| this.now < worker.hungAt + THREAD_DUMP_PATIENCE + LAST_WORDS_PATIENCE, "kills who hangs",
						worker);
				check(!worker.isReady() || worker.isEnding() || worker.left || worker.hungAt != NEVER
						|| this.now < worker.heardAt + this.settings.worker().hangTimeout().toMillis(),
						"notices who hangs", worker);
				long patience = Math.max(this.settings.startTimeout().toMillis(),
						this.settings.reload().readyTimeout().toMillis());
				check(worker.isReady() || worker.left || this.now < worker.notReadyAt + patience,
						"kills who is never ready", worker);
			}
		}
	}

	private long drainDeadline(ObservedWorker worker) {
		long began = Math.min(worker.drainedAt, worker.channelEndedAt);
		return (began != NEVER) ? began + this.settings.drainTimeout().toMillis() : NEVER;
	}

	/**
	 * Check that after a time without failures everything is in order.
	 * @param supervisor the supervisor
	 */
	void checkSettled(Supervisor supervisor) {
		ClusterSnapshot snapshot = supervisor.snapshot();
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
		check(exited && this.exited, "always ends", this.workers);
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
