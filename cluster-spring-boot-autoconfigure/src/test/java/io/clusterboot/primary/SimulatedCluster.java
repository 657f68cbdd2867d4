package io.clusterboot.primary;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.clusterboot.DropCounts;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.process.ExitEvidence;

/**
 * A world around a {@link Supervisor}: a virtual clock, processes that answer actions
 * after random delays or not at all, and people who ask for things at random times. First
 * there is chaos, then calm, in which everything must come right, then the end.
 */
final class SimulatedCluster {

	// A life takes a few hundred events; one that takes this many goes in circles
	private static final int MAX_EVENTS = 20_000;

	// Longer than the next worker of a slot is put off
	private static final int QUIET_MILLIS = 20_000;

	private static final int QUIET_IF_FAILED_MILLIS = 70_000;

	private final RandomGenerator random;

	private final SimulationPlan plan;

	private final Supervisor supervisor;

	private final SimulationInvariants invariants;

	private final Consumer<String> trace;

	private final Map<Integer, SimulatedWorker> workers = new TreeMap<>();

	private final PriorityQueue<Scheduled> queue = new PriorityQueue<>();

	private long now;

	private long scheduled;

	private int events;

	private boolean calm;

	private long lastActed;

	private boolean failed;

	private boolean exited;

	SimulatedCluster(SimulationMode mode, long seed, Consumer<String> trace) {
		this.random = new SplittableRandom(seed);
		this.plan = new SimulationPlan(mode, this.random);
		this.trace = trace;
		Configuration configuration = this.plan.configuration();
		this.supervisor = new Supervisor(configuration, new PrimarySnapshot(1, Instant.EPOCH), 8080,
				new SplittableRandom(seed));
		this.invariants = new SimulationInvariants(this.plan);
	}

	/**
	 * Live one life.
	 * @throws AssertionError if the supervisor breaks a promise
	 */
	void run() {
		deliver(new PrimaryEvent.Started());
		scheduleCommands();
		later(this.plan.chaosMillis(), this::calmDown);
		runUntilNothingHappens();
		if (!this.exited) {
			this.invariants.checkSettled(this.supervisor);
			end();
			runUntilNothingHappens();
		}
		this.invariants.checkEnded(this.exited);
		deliver(new PrimaryEvent.StopRequested("SIGINT", 130));
	}

	int events() {
		return this.events;
	}

	long now() {
		return this.now;
	}

	boolean isCalm() {
		return this.calm;
	}

	void later(long millis, Runnable step) {
		this.queue.add(new Scheduled(this.now + millis, this.scheduled++, step));
	}

	void exited(int worker, int code) {
		this.workers.remove(worker);
		deliver(new PrimaryEvent.WorkerExited(worker, code, "exit code", List.of(), ExitEvidence.NONE));
	}

	void deliver(PrimaryEvent event) {
		if (this.trace != null) {
			this.trace.accept("%7d %s".formatted(this.now, event));
		}
		this.events++;
		if (this.events > MAX_EVENTS) {
			throw new AssertionError("It never ends");
		}
		Instant instant = Instant.ofEpochMilli(this.now);
		this.invariants.before(event, this.now, this.supervisor);
		List<PrimaryAction> actions = this.supervisor.on(event, instant);
		if (this.trace != null) {
			actions.forEach((action) -> this.trace.accept("          -> " + action));
		}
		this.invariants.after(actions, this.supervisor);
		this.failed |= actions.stream().anyMatch((action) -> action.toString().contains("has failed"));
		if (!actions.stream().allMatch(PrimaryAction.Steer.class::isInstance)) {
			this.lastActed = this.now;
		}
		actions.forEach(this::execute);
	}

	private void runUntilNothingHappens() {
		while (!this.exited) {
			Instant deadline = this.supervisor.nextDeadline();
			Scheduled next = this.queue.peek();
			if (deadline != null && (next == null || deadline.toEpochMilli() <= next.time())) {
				this.now = Math.max(this.now, deadline.toEpochMilli() - 1);
				if (!beat()) {
					this.now = deadline.toEpochMilli();
					deliver(new PrimaryEvent.Tick());
				}
				if (next == null && isQuiet()) {
					return;
				}
			}
			else if (next != null) {
				this.queue.poll();
				this.now = next.time();
				next.step().run();
			}
			else {
				return;
			}
		}
	}

	private boolean isQuiet() {
		if (this.now <= this.lastActed + QUIET_MILLIS) {
			return false;
		}
		return !this.failed || this.now > this.lastActed + QUIET_IF_FAILED_MILLIS;
	}

	// Heartbeats matter only where they are about to be missed
	private boolean beat() {
		boolean any = false;
		for (SimulatedWorker worker : List.copyOf(this.workers.values())) {
			any |= worker.beat(this.now);
		}
		return any;
	}

	private void execute(PrimaryAction action) {
		if (action instanceof PrimaryAction.TakeSnapshot snapshot) {
			int generation = snapshot.generation();
			boolean fails = generation > 1 && this.plan.isUnruly() && this.random.nextInt(8) == 0;
			later(this.random.nextInt(500),
					() -> deliver((fails) ? new PrimaryEvent.SnapshotFailed(generation, "half a jar")
							: new PrimaryEvent.SnapshotTaken(generation)));
		}
		else if (action instanceof PrimaryAction.CountDrops count) {
			later(this.random.nextInt(5),
					() -> deliver(new PrimaryEvent.DropsCounted(count.reload(), new DropCounts(0, 0, 0))));
		}
		else if (action instanceof PrimaryAction.Fork fork) {
			this.workers.put(fork.worker(), new SimulatedWorker(fork.worker(), this, this.random,
					this.plan.faultOf(fork.worker(), fork.generation(), this.calm,
							this.supervisor.snapshot().generation()),
					this.plan.configurationOf(fork.generation()), this.plan.rarely(this.calm),
					this.plan.rarely(this.calm), this.plan.rarely(this.calm)));
		}
		else if (action instanceof PrimaryAction.Send send && this.workers.containsKey(send.worker())) {
			this.workers.get(send.worker()).onMessage(send.message());
		}
		else if (action instanceof PrimaryAction.Admit admit) {
			passSocket(admit.worker(), admit.slot());
		}
		else if (action instanceof PrimaryAction.Assign assign) {
			passSocket(assign.worker(), assign.slot());
		}
		else if (action instanceof PrimaryAction.Adopt adopt && this.workers.containsKey(adopt.worker())) {
			if (passSocket(adopt.worker(), adopt.slot())) {
				this.workers.get(adopt.worker()).onMessage(new Message.Adopt(adopt.slot(), false));
			}
		}
		else if (action instanceof PrimaryAction.Terminate terminate) {
			this.workers.get(terminate.worker()).onTerminate();
		}
		else if (action instanceof PrimaryAction.Kill kill) {
			this.workers.get(kill.worker()).onKill();
		}
		else if (action instanceof PrimaryAction.Listen && this.plan.isUnruly() && this.random.nextInt(100) == 0) {
			later(1, () -> deliver(new PrimaryEvent.ListenFailed("port taken")));
		}
		else if (action instanceof PrimaryAction.Exit) {
			this.exited = true;
		}
	}

	private boolean passSocket(int worker, int slot) {
		boolean fails = this.plan.isUnruly() && !this.calm && this.random.nextInt(50) == 0;
		if (fails) {
			later(1, () -> deliver(new PrimaryEvent.SocketFailed(worker, slot, "too many open files")));
		}
		return !fails;
	}

	private void scheduleCommands() {
		int reloads = this.random.nextInt(4);
		for (int i = 0; i < reloads; i++) {
			int first = this.random.nextInt((int) this.plan.chaosMillis());
			int burst = 1 + this.random.nextInt(3);
			for (int j = 0; j < burst; j++) {
				later(first + this.random.nextInt(2000) * (long) j, this::requestReload);
			}
		}
		for (int i = this.random.nextInt(3); i > 0; i--) {
			later(this.random.nextInt((int) this.plan.chaosMillis()), this::scale);
		}
		if (this.random.nextInt(5) == 0) {
			later(this.random.nextInt((int) this.plan.chaosMillis()), this::end);
		}
	}

	private void requestReload() {
		ReloadStrategy strategy = (this.plan.isRollingOnly()) ? this.plan.pick(ReloadStrategy.ROLLING, null)
				: this.plan.pick(ReloadStrategy.values());
		SimulatedWorker worker = anyoneOnline();
		if (worker != null && this.random.nextBoolean()) {
			worker.say(new Message.ReloadRequest(this.scheduled, "http", strategy));
			worker.say(new Message.SnapshotRequest(this.scheduled + 1_000_000));
			if (this.random.nextInt(4) == 0) {
				later(this.random.nextInt(5000), this::abortReload);
			}
		}
		else {
			deliver(new PrimaryEvent.ReloadRequested("SIGUSR2", strategy));
		}
	}

	private void scale() {
		SimulatedWorker worker = anyoneOnline();
		if (worker != null) {
			worker.say(new Message.ScaleRequest(this.scheduled + 4_000_000, 1 + this.random.nextInt(5)));
		}
	}

	private void abortReload() {
		SimulatedWorker worker = anyoneOnline();
		ReloadSnapshot latest = this.supervisor.snapshot().lastReload();
		if (worker != null && latest != null) {
			worker.say(new Message.AbortRequest(this.scheduled + 2_000_000, latest.id()));
			worker.say(new Message.ReloadsRequest(this.scheduled + 3_000_000));
		}
	}

	private void end() {
		SimulatedWorker worker = anyoneOnline();
		switch (this.random.nextInt(4)) {
			case 0 -> deliver(new PrimaryEvent.StopRequested("SIGINT", 130));
			case 1 -> {
				deliver(new PrimaryEvent.ShutdownRequested("SIGINT", 130));
				later(this.random.nextInt(3000), () -> deliver(new PrimaryEvent.StopRequested("SIGINT again", 130)));
				later(this.random.nextInt(3000), () -> deliver(new PrimaryEvent.StopRequested("SIGINT again", 130)));
			}
			case 2 -> {
				if (worker != null) {
					worker.say(new Message.ShutdownRequest(this.scheduled));
				}
				deliver(new PrimaryEvent.ShutdownRequested("SIGTERM", 143));
			}
			default -> deliver(new PrimaryEvent.ShutdownRequested("SIGTERM", 143));
		}
		if (this.random.nextInt(3) == 0) {
			requestReload();
		}
	}

	private SimulatedWorker anyoneOnline() {
		List<SimulatedWorker> online = new ArrayList<>();
		for (SimulatedWorker worker : this.workers.values()) {
			if (worker.isOnline()) {
				online.add(worker);
			}
		}
		return (online.isEmpty()) ? null : online.get(this.random.nextInt(online.size()));
	}

	private void calmDown() {
		this.calm = true;
		List.copyOf(this.workers.values()).forEach(SimulatedWorker::onCalm);
	}

	/**
	 * Something that will happen; what is scheduled first for a time happens first.
	 */
	private record Scheduled(long time, long order, Runnable step) implements Comparable<Scheduled> {

		@Override
		public int compareTo(Scheduled other) {
			int result = Long.compare(this.time, other.time);
			return (result != 0) ? result : Long.compare(this.order, other.order);
		}

	}

}
