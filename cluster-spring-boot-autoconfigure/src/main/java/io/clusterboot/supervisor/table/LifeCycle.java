package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.event.WorkerDisconnected;
import io.clusterboot.event.WorkerForked;
import io.clusterboot.event.WorkerOnline;
import io.clusterboot.event.WorkerReady;

/**
 * The steps of a worker's life, each with its action, its deadline and its line in the
 * log.
 */
public final class LifeCycle {

	/**
	 * How long a worker may take to end after SIGTERM, and after SIGKILL.
	 */
	public static final Duration TERMINATION_LIMIT = Duration.ofSeconds(5);

	private static final double JITTER = 0.1;

	private final Workers workers;

	private final RandomGenerator random;

	public LifeCycle(Workers workers, RandomGenerator random) {
		this.workers = workers;
		this.random = random;
	}

	public Worker fork(Slot slot, int generation, Duration timeout, String reason) {
		double jitter = 1 + JITTER * (2 * this.random.nextDouble() - 1);
		Worker worker = new Worker(this.workers.lastId() + 1, slot, generation, reason, jitter,
				new StartProgress(now(), timeout));
		this.workers.add(worker);
		this.workers.act(new PrimaryAction.Fork(worker.id(), slot.index(), generation, this.workers.share()));
		return worker;
	}

	public void forked(Worker worker, long pid) {
		worker.pid(pid);
		this.workers.info("%s forked: %s", worker, worker.forkReason());
		this.workers.audience().tell(new WorkerForked(worker.snapshot()));
		if (worker.isEnding()) {
			this.workers.audience().tell(new WorkerDisconnected(worker.snapshot()));
		}
	}

	public void online(Worker worker) {
		worker.state(WorkerState.ONLINE);
		this.workers.info("%s online", worker);
		this.workers.audience().tell(new WorkerOnline(worker.snapshot()));
		if (!this.workers.learned().isEmpty()) {
			this.workers.act(new PrimaryAction.Send(worker.id(), new Message.WarmUp(this.workers.learned())));
		}
		// A spare needs a socket to know the address
		this.workers.act(new PrimaryAction.Admit(worker.id(), worker.isSpare() ? 0 : worker.slot().index()));
	}

	public void listening(Worker worker, int port) {
		worker.state(WorkerState.LISTENING);
		this.workers.info("%s listening: port %d, gate closed", worker, port);
		this.workers.audience().listening(worker, port);
	}

	/**
	 * Let a worker whose application is ready accept connections.
	 * @param worker the worker
	 */
	public void open(Worker worker) {
		listen();
		this.workers.up();
		boolean first = worker.ready() == null;
		boolean parked = worker.state() == WorkerState.PARKED;
		boolean open = worker.state() == WorkerState.OPEN;
		worker.ready(now());
		worker.slot().ready();
		if (first) {
			this.workers.info("%s ready: %s after its start", worker, Workers.seconds(worker.age(now())));
			this.workers.audience().tell(new WorkerReady(worker.snapshot()));
		}
		else {
			this.workers.info("%s ready: %s", worker, (parked) ? "opened again" : "accepting traffic again");
		}
		if (first || parked) {
			this.workers.act(new PrimaryAction.Send(worker.id(), new Message.OpenGate()));
		}
		if (open) {
			this.workers.act(new PrimaryAction.Send(worker.id(), new Message.FailOpen(false)));
		}
	}

	private void listen() {
		if (!this.workers.isListening()) {
			this.workers.listening();
			this.workers.act(new PrimaryAction.Listen(this.workers.settings().backlog()));
		}
	}

	/**
	 * Let a worker whose application is not ready accept connections.
	 * @param worker the worker
	 */
	public void failOpen(Worker worker) {
		listen();
		worker.state(WorkerState.OPEN);
		this.workers.info("%s open: accepts connections although its application is not ready", worker);
		this.workers.act(new PrimaryAction.Send(worker.id(), new Message.FailOpen(true)));
	}

	/**
	 * Let a worker whose application is not ready accept connections no longer.
	 * @param worker the worker
	 */
	public void failClosed(Worker worker) {
		worker.state(WorkerState.LISTENING);
		this.workers.info("%s listening: gate closed until its application is ready", worker);
		this.workers.act(new PrimaryAction.Send(worker.id(), new Message.FailOpen(false)));
	}

	/**
	 * Close a worker's gate for as long as another one, which has its slot, is watched.
	 * @param worker the worker
	 * @param successor the other one
	 */
	public void park(Worker worker, Worker successor) {
		worker.slot().parked(worker);
		worker.state(WorkerState.PARKED);
		this.workers.info("%s parked: ready to be opened again until worker %d is trusted", worker, successor.id());
		this.workers
			.act(new PrimaryAction.Send(worker.id(), new Message.Park(this.workers.settings().keepAliveGrace())));
	}

	/**
	 * Let a spare whose application is ready wait.
	 * @param worker the spare
	 */
	public void warm(Worker worker) {
		worker.state(WorkerState.WARM);
		this.workers.info("%s warm: ready %s after its start, waits for a slot", worker,
				Workers.seconds(worker.age(now())));
	}

	/**
	 * Take it that a worker that is not heard for too long from now on hangs.
	 * @param worker the worker
	 */
	public void watch(Worker worker) {
		worker.expect(Awaited.HEARTBEAT, now().plus(this.workers.settings().worker().hangTimeout()));
	}

	/**
	 * Give a spare a slot. Its gate is still closed.
	 * @param worker the spare
	 * @param slot the slot, which has no worker
	 */
	public void assign(Worker worker, Slot slot) {
		worker.slot().current(null);
		worker.slot(slot);
		slot.current(worker);
		this.workers.info("%s assigned: the spare takes the slot over", worker);
		this.workers.act(new PrimaryAction.Assign(worker.id(), slot.index()));
	}

	/**
	 * Replace a worker when the budget allows it.
	 * @param worker the worker
	 * @param reason why
	 */
	public void markForReplacement(Worker worker, String reason) {
		worker.marked(reason);
		this.workers.info("%s is to be replaced: %s", worker, reason);
	}

	/**
	 * A worker's application refuses traffic for the time being; its gate is closed.
	 * @param worker the worker
	 */
	public void refuses(Worker worker) {
		worker.state(WorkerState.LISTENING);
		this.workers.info("%s listening: the application refuses traffic, gate closed", worker);
	}

	public void drain(Worker worker, boolean last, String reason) {
		if (!worker.isEnding()) {
			ends(worker, WorkerState.DRAINING);
			worker.ending().because(reason);
			awaitDrain(worker);
			this.workers.info("%s draining: %s", worker, reason);
			this.workers.act(new PrimaryAction.Send(worker.id(), new Message.Drain(last,
					this.workers.settings().drainTimeout(), this.workers.settings().keepAliveGrace())));
		}
	}

	/**
	 * A worker ends and cannot be asked to drain. It keeps its slot: its exit, which
	 * tells why, is usually the next event.
	 * @param worker the worker
	 * @param reason how that is known
	 */
	public void endsByItself(Worker worker, String reason) {
		if (!worker.isEnding()) {
			ends(worker, WorkerState.ENDING);
			this.workers.info("%s ending: %s", worker, reason);
			awaitDrain(worker);
		}
	}

	// A worker cuts off in time what has not ended
	private void awaitDrain(Worker worker) {
		worker.expect(Awaited.DRAIN, now().plus(this.workers.settings().drainTimeout()).plus(TERMINATION_LIMIT));
	}

	public void kill(Worker worker, String reason) {
		if (!worker.awaited().isDeath()) {
			worker.ending().because(reason);
			this.workers.info("%s killed: %s", worker, reason);
			kill(worker);
		}
	}

	/**
	 * Kill a worker that does not end in time.
	 * @param worker the worker
	 */
	public void kill(Worker worker) {
		ends(worker, WorkerState.ENDING);
		worker.expect(Awaited.DEATH, now().plus(TERMINATION_LIMIT));
		this.workers.act(new PrimaryAction.Kill(worker.id()));
	}

	/**
	 * End a worker in the way that its state allows.
	 * @param worker the worker
	 * @param last whether the whole cluster ends
	 * @param reason why
	 */
	public void retire(Worker worker, boolean last, String reason) {
		if (worker.canDrain()) {
			drain(worker, last, reason);
		}
		else {
			kill(worker, reason);
		}
	}

	private void ends(Worker worker, WorkerState state) {
		boolean disconnected = worker.isEnding();
		worker.state(state);
		if (!disconnected && worker.isForked()) {
			this.workers.audience().tell(new WorkerDisconnected(worker.snapshot()));
		}
	}

	public void exited(Worker worker, String how) {
		this.workers.remove(worker);
		ends(worker, WorkerState.EXITED);
		String reason = worker.ending().said();
		this.workers.info("%s exited: %s after %s%s", worker, how, Workers.seconds(worker.age(now())),
				(reason != null) ? "; reason: " + reason : "");
	}

	private Instant now() {
		return this.workers.now();
	}

}
