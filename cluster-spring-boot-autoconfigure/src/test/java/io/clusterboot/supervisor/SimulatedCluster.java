package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.DropCounts;
import io.clusterboot.IncidentCause;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.supervisor.Disturbances.Kind;
import io.clusterboot.supervisor.SimulationChance.Aspect;

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

	private static final int QUIET_IF_FAILED_MILLIS = 80_000;

	// Where somebody is always about to be too old
	private static final int RECYCLING_QUIET_MILLIS = 3000;

	private final SimulationPlan plan;

	private final Supervisor supervisor;

	private final SimulationInvariants invariants;

	private final SimulatedOperator operator;

	private final SimulatedTime time;

	private final Consumer<PrimaryAction> promise;

	private final Consumer<String> trace;

	private final Map<Integer, SimulatedWorker> workers = new TreeMap<>();

	// What happened while the primary was stopped, or null if it is not
	private List<PrimaryEvent> unheard;

	private int events;

	private int passedSockets;

	private int trainings;

	// Of the work that is done once per cluster
	private long lastToken;

	private boolean calm;

	private long lastActed;

	private boolean failed;

	private boolean exited;

	SimulatedCluster(SimulationPlan plan, long seed, Consumer<PrimaryAction> promise, Consumer<String> trace) {
		this.plan = plan;
		this.promise = promise;
		this.trace = trace;
		this.time = new SimulatedTime(plan.chance().of(Aspect.TIME, 0), plan.hasLateTicks());
		this.supervisor = new Supervisor(plan.configuration(), () -> new PrimarySnapshot(1, Instant.EPOCH), 8080,
				new SplittableRandom(seed));
		this.invariants = new SimulationInvariants(plan);
		this.operator = new SimulatedOperator(this, this.supervisor, plan);
	}

	/**
	 * Live one life.
	 * @throws AssertionError if the supervisor breaks a promise
	 */
	void run() {
		RandomGenerator random = this.plan.chance().of(Aspect.COMMAND, 0);
		deliver(new PrimaryEvent.Started());
		this.operator.schedule();
		later(this.plan.chaosMillis() * this.plan.length(), this::calmDown);
		runUntilQuiet();
		if (!this.exited) {
			this.invariants.checkSettled(this.supervisor.snapshot());
			SimulationInvariants.check(
					this.plan.chance().isOld() || this.invariants.isRecycling()
							|| this.workers.values().stream().filter(SimulatedWorker::isLeader).count() == 1,
					"has one worker lead in the end", this.supervisor.snapshot());
			if (!this.plan.chance().isOld()) {
				this.operator.ask(random);
			}
			this.operator.end(random);
			runUntilQuiet();
		}
		this.invariants.checkEnded(this.exited);
		deliver(new PrimaryEvent.StopRequested("SIGINT", 130));
	}

	Supervisor supervisor() {
		return this.supervisor;
	}

	long now() {
		return this.time.now();
	}

	long scheduled() {
		return this.time.scheduled();
	}

	boolean isAnyGateOpen() {
		return this.workers.values().stream().anyMatch(SimulatedWorker::isGateOpen);
	}

	boolean isCalm() {
		return this.calm;
	}

	boolean happens(Kind kind, Object what) {
		return this.plan.disturbances().happens(kind, what);
	}

	void later(long millis, Runnable step) {
		this.time.later(millis, step);
	}

	void inBackground(long millis, Runnable step) {
		this.time.inBackground(millis, step);
	}

	/**
	 * Check that no two workers lead, by what they know themselves.
	 */
	void checkLeaders() {
		List<Integer> leaders = this.workers.entrySet()
			.stream()
			.filter((entry) -> entry.getValue().isHolder())
			.map(Map.Entry::getKey)
			.toList();
		SimulationInvariants.check(leaders.size() < 2, "never has two workers lead", leaders);
	}

	/**
	 * Work was begun that is done once per cluster.
	 * @param token the leader's token
	 */
	void worked(long token) {
		SimulationInvariants.check(token >= this.lastToken, "has tokens that only grow", token);
		this.lastToken = token;
	}

	/**
	 * Stop the primary, but not the world.
	 * @param millis how long
	 */
	void stop(long millis) {
		if (this.unheard == null && !this.exited) {
			beat();
			this.unheard = new ArrayList<>();
			later(millis, () -> {
				List<PrimaryEvent> events = this.unheard;
				this.unheard = null;
				this.time.missed(millis);
				events.forEach(this::deliver);
			});
		}
	}

	void exited(PrimaryEvent.WorkerExited exit) {
		this.workers.remove(exit.worker());
		deliver(exit);
	}

	void deliver(PrimaryEvent event) {
		if (this.unheard != null) {
			this.unheard.add(event);
			return;
		}
		long now = this.time.ofPrimary();
		if (this.trace != null) {
			this.trace.accept("%7d %.300s".formatted(now, event));
		}
		this.events++;
		if (this.events > MAX_EVENTS * this.plan.length()) {
			throw new AssertionError("It never ends");
		}
		this.invariants.before(event, now);
		List<PrimaryAction> actions = this.supervisor.on(event, Instant.ofEpochMilli(now));
		if (this.trace != null) {
			actions.forEach((action) -> this.trace.accept("          -> %.300s".formatted(action)));
		}
		ClusterSnapshot snapshot = this.supervisor.snapshot();
		this.invariants.after(actions, snapshot);
		for (PrimaryAction action : actions) {
			this.promise.accept(action);
			this.failed |= action instanceof PrimaryAction.Log log
					&& (log.text().contains("has failed") || log.text().contains(" only every "));
			if (!(action instanceof PrimaryAction.Steer) && !isAboutLeading(action)) {
				this.lastActed = this.time.ofPrimary();
			}
		}
		actions.forEach((action) -> execute(action, snapshot));
	}

	// Which never comes to rest
	private static boolean isAboutLeading(PrimaryAction action) {
		return action instanceof PrimaryAction.Log log && log.text().contains(" leads")
				|| action instanceof PrimaryAction.Send send
						&& (send.message() instanceof Leading.Grant || send.message() instanceof Reply.Lease);
	}

	private void runUntilQuiet() {
		while (!this.exited) {
			Instant deadline = (this.unheard == null) ? this.supervisor.nextDeadline() : null;
			boolean idle = this.time.isIdle();
			if (deadline != null && this.time.isDue(deadline)) {
				this.time.goToJustBefore(deadline);
				if (!beat()) {
					notice(deadline);
				}
				if (idle && isQuiet()) {
					return;
				}
			}
			else if (!this.time.isEmpty()) {
				this.time.goOn();
				if (idle && isQuiet()) {
					return;
				}
			}
			else {
				return;
			}
		}
	}

	private void notice(Instant deadline) {
		if (this.time.isNoticed(deadline)) {
			this.time.goToTick();
			deliver(new PrimaryEvent.Tick());
		}
		else {
			this.time.goOn();
		}
	}

	private boolean isQuiet() {
		long quiet = this.time.ofPrimary() - this.lastActed;
		ClusterSnapshot snapshot = this.supervisor.snapshot();
		if (this.workers.values().stream().anyMatch((worker) -> worker.isMute() || worker.isLost())) {
			return false;
		}
		if (this.invariants.isRecycling() && snapshot.state() != ClusterState.STOPPING) {
			return quiet > RECYCLING_QUIET_MILLIS && snapshot.state() == ClusterState.RUNNING
					&& this.invariants.isComplete()
					&& snapshot.workers().stream().allMatch((worker) -> worker.generation() == snapshot.generation());
		}
		return quiet > ((this.failed) ? QUIET_IF_FAILED_MILLIS : QUIET_MILLIS);
	}

	// Heartbeats matter only where they are about to be missed
	private boolean beat() {
		boolean any = false;
		for (SimulatedWorker worker : List.copyOf(this.workers.values())) {
			any |= worker.beat(this.time.now());
		}
		return any;
	}

	private void execute(PrimaryAction action, ClusterSnapshot snapshot) {
		if (action instanceof PrimaryAction.CopyCode take) {
			takeSnapshot(take.generation());
		}
		else if (action instanceof PrimaryAction.Train train) {
			train(train.generation());
		}
		else if (action instanceof PrimaryAction.StopTraining) {
			this.trainings++;
		}
		else if (action instanceof PrimaryAction.CountDrops count) {
			later(this.plan.chance().of(Aspect.SNAPSHOT, -count.reload()).nextInt(5),
					() -> deliver(new PrimaryEvent.DropsCounted(count.reload(), new DropCounts(0, 0, 0))));
		}
		else if (action instanceof PrimaryAction.Fork fork) {
			SimulatedWorker worker = new SimulatedWorker(fork.worker(), this,
					this.plan.characterOf(fork, this.calm, snapshot.generation()));
			this.workers.put(fork.worker(), worker);
			this.invariants.forked(fork.worker(), worker.causes());
		}
		else if (action instanceof PrimaryAction.Send send && this.workers.containsKey(send.worker())) {
			this.workers.get(send.worker()).send(send.message());
		}
		else if (action instanceof PrimaryAction.Admit admit) {
			passSocket(admit.worker(), admit.slot());
		}
		else if (action instanceof PrimaryAction.Assign assign) {
			passSocket(assign.worker(), assign.slot());
		}
		else if (action instanceof PrimaryAction.Adopt adopt && this.workers.containsKey(adopt.worker())) {
			if (passSocket(adopt.worker(), adopt.slot())) {
				this.workers.get(adopt.worker()).send(new Message.Adopt(adopt.slot(), false));
			}
		}
		else if (action instanceof PrimaryAction.Terminate terminate) {
			ifThere(terminate.worker(), SimulatedWorker::onTerminate);
		}
		else if (action instanceof PrimaryAction.Kill kill) {
			ifThere(kill.worker(), SimulatedWorker::onKill);
		}
		else if (action instanceof PrimaryAction.Abandon abandon) {
			ifThere(abandon.worker(), SimulatedWorker::onAbandon);
		}
		else if (action instanceof PrimaryAction.Listen && this.plan.isUnruly()
				&& this.plan.chance().of(Aspect.SOCKET, 0).nextInt(100) == 0 && happens(Kind.LISTENING, "fails")) {
			later(1, () -> deliver(new PrimaryEvent.ListenFailed("port taken")));
		}
		else if (action instanceof PrimaryAction.Exit) {
			this.exited = true;
		}
	}

	private void ifThere(int worker, Consumer<SimulatedWorker> action) {
		SimulatedWorker known = this.workers.get(worker);
		if (known != null) {
			action.accept(known);
		}
	}

	private void takeSnapshot(int generation) {
		RandomGenerator random = this.plan.chance().of(Aspect.SNAPSHOT, generation);
		boolean fails = generation > 1 && this.plan.isUnruly() && random.nextInt(8) == 0
				&& happens(Kind.SNAPSHOT_OF_GENERATION, generation + " fails");
		later(random.nextInt(500), () -> deliver((fails) ? new PrimaryEvent.CopyFailed(generation, "half a jar")
				: new PrimaryEvent.CodeCopied(generation)));
	}

	// The end of one that is stopped may be on its way already
	private void train(int generation) {
		int training = ++this.trainings;
		SimulationChance chance = this.plan.chance();
		RandomGenerator random = (chance.isOld()) ? new SplittableRandom(training)
				: chance.of(Aspect.TRAINING, training);
		boolean late = random.nextInt(4) == 0;
		later(random.nextInt(10_000), () -> {
			if (late || training == this.trainings) {
				deliver(new PrimaryEvent.Trained(generation));
			}
		});
	}

	private boolean passSocket(int worker, int slot) {
		boolean fails = this.plan.isUnruly() && !this.calm
				&& this.plan.chance().of(Aspect.SOCKET, ++this.passedSockets).nextInt(50) == 0 && happens(Kind.SOCKET,
						"of slot " + slot + " for worker " + worker + ": attempt " + this.passedSockets);
		if (fails) {
			this.invariants.causes(worker).add(IncidentCause.START_FAILURE);
			later(1, () -> deliver(new PrimaryEvent.SocketFailed(worker, slot, "too many open files")));
		}
		return !fails;
	}

	/**
	 * Return any worker that can say something.
	 * @param random what decides
	 * @return the worker or {@code null} if there is none
	 */
	SimulatedWorker anyoneOnline(RandomGenerator random) {
		List<SimulatedWorker> online = this.workers.values().stream().filter(SimulatedWorker::isOnline).toList();
		return (online.isEmpty()) ? null : online.get(random.nextInt(online.size()));
	}

	private void calmDown() {
		this.calm = true;
		List.copyOf(this.workers.values()).forEach(SimulatedWorker::onCalm);
	}

}
