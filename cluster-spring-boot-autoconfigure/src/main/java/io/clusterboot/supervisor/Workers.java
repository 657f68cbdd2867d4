package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryAction.Level;
import io.clusterboot.supervisor.Worker.Awaited;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.settings.SupervisorSettings;
import org.jspecify.annotations.Nullable;

/**
 * The table of slots and workers and the steps of a worker's life, each with its action,
 * its deadline and its line in the log. Decides nothing.
 */
final class Workers {

	static final Duration TERMINATION_LIMIT = Duration.ofSeconds(5);

	private static final double JITTER = 0.1;

	// In characters
	private static final int LONGEST_LEARNED = 16 * 1024;

	// Which each request takes beside its own
	private static final int OBJECT = 64;

	private final Slots slots;

	private final RandomGenerator random;

	private final Balancing balancing = new Balancing(this);

	private List<String> learned = List.of();

	private final Pace pace = new Pace(this);

	private ClusterConfiguration configuration;

	private SupervisorSettings settings;

	// Among how many the machine will be shared
	private int share;

	private final Map<Integer, Worker> workers = new LinkedHashMap<>();

	private List<PrimaryAction> actions = new ArrayList<>();

	private Instant now = Instant.EPOCH;

	private int lastId;

	private boolean listening;

	private boolean up;

	Workers(ClusterConfiguration configuration, RandomGenerator random) {
		this.configuration = configuration;
		this.settings = configuration.settings();
		this.share = this.settings.workers();
		this.slots = new Slots(this.settings.workers(), random);
		this.random = random;
	}

	void begin(Instant now) {
		this.now = now;
		this.actions = new ArrayList<>();
	}

	List<PrimaryAction> actions() {
		return this.actions;
	}

	Instant now() {
		return this.now;
	}

	SupervisorSettings settings() {
		return this.settings;
	}

	ClusterConfiguration configuration() {
		return this.configuration;
	}

	List<Slot> slots() {
		return this.slots.all();
	}

	Slots slotTable() {
		return this.slots;
	}

	Pace pace() {
		return this.pace;
	}

	Collection<Worker> all() {
		return this.workers.values();
	}

	@Nullable Worker get(int id) {
		return this.workers.get(id);
	}

	/**
	 * Return the id of the worker that was forked last.
	 * @return the id, 0 if none was
	 */
	int lastId() {
		return this.lastId;
	}

	boolean isListening() {
		return this.listening;
	}

	/**
	 * Return whether a worker has ever been ready. Until then the application may not
	 * start at all.
	 * @return whether the first start is over
	 */
	boolean isUp() {
		return this.up;
	}

	/**
	 * Return whether a worker that neither has a slot nor will get one is still there.
	 * @return whether somebody has yet to exit
	 */
	boolean hasLeavers() {
		return this.workers.values()
			.stream()
			.anyMatch((worker) -> worker.slot().current() != worker && worker.slot().next() != worker);
	}

	boolean isAnyStarting() {
		return this.workers.values().stream().anyMatch(Worker::isStarting);
	}

	/**
	 * Return how many more workers may be forked to replace others. Places are kept for
	 * those that will be respawned.
	 * @return the number, which can be negative
	 */
	int room() {
		long vacant = slots().stream().filter(Slot::isVacant).count();
		long present = this.workers.values().stream().filter((worker) -> !worker.isSpare()).count();
		return slots().size() + this.settings.reload().maxSurge() - (int) (present + vacant);
	}

	/**
	 * Return among how many workers the machine will be shared by those that are started
	 * from now on.
	 * @return the number of workers, spares included
	 */
	int share() {
		return this.share + this.settings.spares();
	}

	/**
	 * Say among how many workers the machine will be shared by those that are forked from
	 * now on.
	 * @param workers the number of workers
	 */
	void share(int workers) {
		this.share = workers;
	}

	/**
	 * Compare what reloads bring with another configuration, which says the same about
	 * everything that can change.
	 * @param baseline the configuration
	 */
	void compareWith(ClusterConfiguration baseline) {
		this.configuration = baseline;
	}

	/**
	 * Act by another configuration from now on.
	 * @param changed the configuration
	 */
	void configure(ClusterConfiguration changed) {
		int backlog = this.settings.backlog();
		this.configuration = changed;
		this.settings = changed.settings();
		if (this.settings.backlog() != backlog) {
			this.actions.add(new PrimaryAction.Listen(this.settings.backlog()));
		}
	}

	/**
	 * Close the socket of a slot that is gone.
	 * @param slot the slot, to which no connection is sent any more
	 */
	void close(Slot slot) {
		this.actions.add(new PrimaryAction.CloseSlot(slot.index()));
		this.actions.add(new PrimaryAction.Steer(this.balancing.latest()));
	}

	/**
	 * Return whether no slot is being handed over or vacated.
	 * @return whether every worker has a slot that nobody else waits for
	 */
	boolean isAtRest() {
		return !hasLeavers() && slots().stream().noneMatch((slot) -> slot.next() != null || slot.isReserved());
	}

	List<WorkerSnapshot> snapshots() {
		return this.workers.values()
			.stream()
			.map(Worker::snapshot)
			.sorted(Comparator.comparingInt(WorkerSnapshot::slot).thenComparingInt(WorkerSnapshot::id))
			.toList();
	}

	Worker fork(Slot slot, int generation, Duration timeout, String reason) {
		double jitter = 1 + JITTER * (2 * this.random.nextDouble() - 1);
		Worker worker = new Worker(++this.lastId, slot, generation, this.now, reason, jitter);
		this.workers.put(worker.id(), worker);
		worker.expectStart(new StartProgress(this.now, timeout));
		this.actions.add(new PrimaryAction.Fork(worker.id(), slot.index(), generation, share()));
		return worker;
	}

	void forked(Worker worker, long pid) {
		worker.pid(pid);
		info("%s forked: %s", worker, worker.forkReason());
	}

	void online(Worker worker) {
		worker.state(WorkerState.ONLINE);
		info("%s online", worker);
		// A spare needs a socket to know the address
		if (!this.learned.isEmpty()) {
			this.actions.add(new PrimaryAction.Send(worker.id(), new Message.WarmUp(this.learned)));
		}
		this.actions.add(new PrimaryAction.Admit(worker.id(), worker.isSpare() ? 0 : worker.slot().index()));
	}

	/**
	 * Take it that users ask for something most. The last word of any worker counts: each
	 * has its share of the users, and began with what others had learned.
	 * @param requests what they ask for
	 */
	void learned(List<String> requests) {
		if (requests.stream().mapToInt((request) -> request.length() + OBJECT).sum() <= LONGEST_LEARNED) {
			this.learned = requests;
		}
	}

	List<String> learned() {
		return this.learned;
	}

	void listening(Worker worker, int port) {
		worker.state(WorkerState.LISTENING);
		info("%s listening: port %d, gate closed", worker, port);
	}

	/**
	 * Send new connections to those slots only that are served.
	 */
	void steer() {
		if (this.listening && this.balancing.refresh()) {
			this.actions.add(new PrimaryAction.Steer(this.balancing.latest()));
		}
	}

	/**
	 * Let a worker whose application is ready accept connections.
	 * @param worker the worker
	 */
	void open(Worker worker) {
		listen();
		this.up = true;
		boolean first = worker.ready() == null;
		boolean parked = worker.isParked();
		boolean open = worker.state() == WorkerState.OPEN;
		worker.ready(this.now);
		worker.slot().ready();
		if (first) {
			info("%s ready: %s after its start", worker, seconds(worker.age(this.now)));
		}
		else {
			info("%s ready: %s", worker, (parked) ? "opened again" : "accepting traffic again");
		}
		if (first || parked) {
			this.actions.add(new PrimaryAction.Send(worker.id(), new Message.OpenGate()));
		}
		if (open) {
			this.actions.add(new PrimaryAction.Send(worker.id(), new Message.FailOpen(false)));
		}
	}

	private void listen() {
		if (!this.listening) {
			this.listening = true;
			this.actions.add(new PrimaryAction.Listen(this.settings.backlog()));
		}
	}

	/**
	 * Let a worker whose application is not ready accept connections.
	 * @param worker the worker
	 */
	void failOpen(Worker worker) {
		listen();
		worker.failOpen();
		info("%s open: accepts connections although its application is not ready", worker);
		this.actions.add(new PrimaryAction.Send(worker.id(), new Message.FailOpen(true)));
	}

	/**
	 * Let a worker whose application is not ready accept connections no longer.
	 * @param worker the worker
	 */
	void failClosed(Worker worker) {
		worker.state(WorkerState.LISTENING);
		info("%s listening: gate closed until its application is ready", worker);
		this.actions.add(new PrimaryAction.Send(worker.id(), new Message.FailOpen(false)));
	}

	/**
	 * Close a worker's gate for as long as another one, which has its slot, is watched.
	 * @param worker the worker
	 * @param successor the other one
	 */
	void park(Worker worker, Worker successor) {
		worker.slot().parked(worker);
		worker.state(WorkerState.PARKED);
		info("%s parked: ready to be opened again until worker %d is trusted", worker, successor.id());
		this.actions.add(new PrimaryAction.Send(worker.id(), new Message.Park(this.settings.keepAliveGrace())));
	}

	/**
	 * Let a spare whose application is ready wait.
	 * @param worker the spare
	 */
	void warm(Worker worker) {
		worker.state(WorkerState.WARM);
		info("%s warm: ready %s after its start, waits for a slot", worker, seconds(worker.age(this.now)));
	}

	/**
	 * Take it that a worker that is not heard for too long from now on hangs.
	 * @param worker the worker
	 */
	void watch(Worker worker) {
		worker.expect(Awaited.HEARTBEAT, this.now.plus(this.settings.worker().hangTimeout()));
	}

	/**
	 * Give a spare a slot. Its gate is still closed.
	 * @param worker the spare
	 * @param slot the slot, which has no worker
	 */
	void assign(Worker worker, Slot slot) {
		worker.slot().current(null);
		worker.slot(slot);
		slot.current(worker);
		info("%s assigned: the spare takes the slot over", worker);
		this.actions.add(new PrimaryAction.Assign(worker.id(), slot.index()));
	}

	/**
	 * Replace a worker when the budget allows it.
	 * @param worker the worker
	 * @param reason why
	 */
	void markForReplacement(Worker worker, String reason) {
		worker.marked(reason);
		info("%s is to be replaced: %s", worker, reason);
	}

	/**
	 * A worker's application refuses traffic for the time being; its gate is closed.
	 * @param worker the worker
	 */
	void refuses(Worker worker) {
		worker.state(WorkerState.LISTENING);
		info("%s listening: the application refuses traffic, gate closed", worker);
	}

	void drain(Worker worker, boolean last, String reason) {
		if (!worker.isEnding()) {
			worker.state(WorkerState.DRAINING);
			worker.endReason(reason);
			awaitDrain(worker);
			info("%s draining: %s", worker, reason);
			this.actions.add(new PrimaryAction.Send(worker.id(),
					new Message.Drain(last, this.settings.drainTimeout(), this.settings.keepAliveGrace())));
		}
	}

	/**
	 * A worker ends and cannot be asked to drain. It keeps its slot: its exit, which
	 * tells why, is usually the next event.
	 * @param worker the worker
	 */
	void endsByItself(Worker worker) {
		worker.state(WorkerState.ENDING);
		awaitDrain(worker);
	}

	// A worker cuts off in time what has not ended
	private void awaitDrain(Worker worker) {
		worker.expect(Awaited.DRAIN, this.now.plus(this.settings.drainTimeout()).plus(TERMINATION_LIMIT));
	}

	void kill(Worker worker, String reason) {
		if (!worker.isKilled()) {
			worker.endReason(reason);
			info("%s killed: %s", worker, reason);
			kill(worker);
		}
	}

	/**
	 * Kill a worker that does not end in time.
	 * @param worker the worker
	 */
	void kill(Worker worker) {
		worker.state(WorkerState.ENDING);
		worker.expect(Awaited.DEATH, this.now.plus(TERMINATION_LIMIT));
		this.actions.add(new PrimaryAction.Kill(worker.id()));
	}

	/**
	 * End a worker in the way that its state allows.
	 * @param worker the worker
	 * @param last whether the whole cluster ends
	 * @param reason why
	 */
	void retire(Worker worker, boolean last, String reason) {
		if (worker.canDrain()) {
			drain(worker, last, reason);
		}
		else {
			kill(worker, reason);
		}
	}

	void exited(Worker worker, String how) {
		this.workers.remove(worker.id());
		worker.state(WorkerState.EXITED);
		String reason = (worker.endReason() != null) ? worker.endReason() : worker.startFailure();
		info("%s exited: %s after %s%s", worker, how, seconds(worker.age(this.now)),
				(reason != null) ? "; reason: " + reason : "");
	}

	void info(String format, Object... args) {
		this.actions.add(new PrimaryAction.Log(Level.INFO, format.formatted(args)));
	}

	void warn(String format, Object... args) {
		this.actions.add(new PrimaryAction.Log(Level.WARN, format.formatted(args)));
	}

	void error(String format, Object... args) {
		this.actions.add(new PrimaryAction.Log(Level.ERROR, format.formatted(args)));
	}

	static String seconds(Duration duration) {
		long millis = duration.toMillis();
		return (millis % 1000 == 0) ? millis / 1000 + " s" : String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
	}

}
