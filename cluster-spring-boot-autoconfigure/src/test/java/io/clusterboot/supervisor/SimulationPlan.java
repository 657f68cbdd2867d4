package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.Disturbances.Kind;
import io.clusterboot.supervisor.SimulationChance.Aspect;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * What the seed of a simulation decides before it begins: size, settings, and how workers
 * misbehave.
 */
final class SimulationPlan {

	// More slots, and more generations, than there ever are
	private static final int PLACES = 64;

	private static final int GENERATIONS = 1024;

	// Long enough for workers to be replaced because of their age
	private static final int RECYCLING_MILLIS = 20_000;

	private static final Set<Fault> SEEN_BY_CANARY = EnumSet.of(Fault.DIES_AFTER_READY, Fault.BREAKS,
			Fault.ANSWERS_BADLY);

	private final SimulationMode mode;

	private final SimulationChance chance;

	private final Disturbances disturbances;

	private final SimulationConfigurations configurations;

	private final long chaosMillis;

	private final double failureRate;

	private final boolean firstWorkerMayFail;

	private final Fault brokenGenerationFault;

	private final long brokenGenerations;

	private final boolean rollingOnly;

	private final boolean twoFaults;

	private final boolean lateTicks;

	private final int messageMillis;

	// None of its workers is ever ready, as long as there is chaos
	private final int failingSlot;

	private final Fault failingSlotFault;

	// Its application calls its own port before it is ready
	private final boolean callsItself;

	// Of the generations in which every worker reports the same, always
	private final long repeatingGenerations;

	private final Fault repeatedFault;

	private final int length;

	// By slot and generation how many workers there were
	private final Map<Integer, Integer> forks = new HashMap<>();

	/**
	 * Make a plan.
	 * @param mode what may go wrong
	 * @param chance what the seed makes of it
	 * @param disturbances those that may happen
	 * @param length how many times longer than usual the life is
	 */
	SimulationPlan(SimulationMode mode, SimulationChance chance, Disturbances disturbances, int length) {
		this.length = length;
		this.mode = mode;
		this.chance = chance;
		this.disturbances = disturbances;
		RandomGenerator random = chance.of(Aspect.PLAN, 0);
		this.rollingOnly = random.nextInt(3) == 0;
		this.configurations = new SimulationConfigurations(chance, disturbances, this.rollingOnly);
		long millis = 1000 + random.nextInt(25_000);
		boolean recycles = !settings(1).worker().maxLifetime().isZero();
		this.chaosMillis = (recycles) ? millis + RECYCLING_MILLIS : millis;
		this.failureRate = (mode == SimulationMode.ANYTHING) ? 0.02 + 0.1 * random.nextDouble() : 0;
		this.firstWorkerMayFail = mode == SimulationMode.ANYTHING && random.nextInt(4) == 0;
		Fault broken = pick(random, Fault.FORK_FAILS, Fault.DIES_BEFORE_ONLINE, Fault.DIES_BEFORE_READY, Fault.HANGS,
				Fault.OLD_PROTOCOL, Fault.DIES_AFTER_READY, Fault.BREAKS, Fault.ANSWERS_BADLY);
		this.brokenGenerationFault = (!chance.isOld() && random.nextInt(6) == 0) ? Fault.NEVER_READY : broken;
		// generation 1 works, or there would be no cluster
		this.brokenGenerations = (mode == SimulationMode.BROKEN_GENERATION)
				? (random.nextLong() | random.nextLong()) & ~3L : 0;
		this.twoFaults = !chance.isOld() && random.nextInt(3) == 0;
		this.lateTicks = !chance.isOld() && random.nextBoolean() && disturbances.happens(Kind.TICKS, "late");
		this.messageMillis = (!chance.isOld() && random.nextBoolean() && disturbances.happens(Kind.MESSAGES, "slow"))
				? 400 : 0;
		boolean fails = !chance.isOld() && mode == SimulationMode.ANYTHING && random.nextInt(8) == 0;
		this.failingSlot = (fails) ? 1 + random.nextInt(3) : 0;
		this.failingSlotFault = (fails)
				? pick(random, Fault.FORK_FAILS, Fault.DIES_BEFORE_ONLINE, Fault.DIES_BEFORE_READY) : Fault.NONE;
		this.callsItself = !chance.isOld() && random.nextInt(5) == 0
				&& disturbances.happens(Kind.APPLICATION, "calls its own port before it is ready");
		boolean repeats = !chance.isOld() && random.nextInt(4) == 0;
		this.repeatingGenerations = (!repeats) ? 0 : (random.nextBoolean()) ? -1 : random.nextLong();
		this.repeatedFault = (repeats && random.nextInt(4) == 0) ? Fault.REPORTS_AT_START : Fault.REPORTS_WHEN_READY;
	}

	SimulationChance chance() {
		return this.chance;
	}

	Disturbances disturbances() {
		return this.disturbances;
	}

	ClusterConfiguration configuration() {
		return this.configurations.of(1);
	}

	SupervisorSettings settings(int generation) {
		return this.configurations.settings(generation);
	}

	int workersOf(int generation) {
		return settings(generation).workers();
	}

	/**
	 * Check that a reload could go live in spite of everything.
	 * @param reload the reload
	 * @param settings what it was run with
	 */
	void checkMayBeLive(ReloadSnapshot reload, SupervisorSettings.Reload settings) {
		SimulationInvariants.check(this.configurations.refusal(reload.toGeneration()) == null,
				"refuses what cannot change", reload);
		SimulationInvariants.check(!fails(reload.toGeneration()) || this.brokenGenerationFault != Fault.NEVER_READY,
				"relies on nobody who is not ready", reload);
		boolean watched = reload.strategy() == ReloadStrategy.ROLLING && !settings.soak().isZero();
		boolean bad = this.brokenGenerationFault == Fault.ANSWERS_BADLY;
		boolean same = fails(reload.fromGeneration()) && this.brokenGenerationFault != Fault.DIES_AFTER_READY;
		SimulationInvariants.check(
				!watched || !fails(reload.toGeneration()) || !SEEN_BY_CANARY.contains(this.brokenGenerationFault)
						|| same || bad && settings.maxErrorIncrease() > SimulatedWork.BAD_SHARE,
				"heeds the canary", reload);
	}

	long chaosMillis() {
		return this.chaosMillis;
	}

	/**
	 * Return how many times as much is asked for as usual, in as many times the time.
	 * @return the number of rounds of commands
	 */
	int length() {
		return this.length;
	}

	boolean isRollingOnly() {
		return this.rollingOnly;
	}

	boolean hasLateTicks() {
		return this.lateTicks;
	}

	/**
	 * Return whether no worker that serves can fail, so that capacity must never fall.
	 * @return whether capacity is guaranteed
	 */
	boolean guaranteesCapacity() {
		return this.mode == SimulationMode.NO_CRASHES || (this.mode == SimulationMode.BROKEN_GENERATION
				&& this.brokenGenerationFault != Fault.DIES_AFTER_READY);
	}

	/**
	 * Return what a worker that is forked now will be like.
	 * @param fork how it is forked
	 * @param calm whether everything should come right now
	 * @param liveGeneration the generation that is live
	 * @return its character
	 */
	Character characterOf(PrimaryAction.Fork fork, boolean calm, int liveGeneration) {
		int generation = fork.generation();
		int place = generation * PLACES + fork.slot() + 1;
		// Not by its id, which depends on all others
		int number = this.forks.merge(place, 1, Integer::sum);
		RandomGenerator random = this.chance.of(Aspect.WORKER, place + number * GENERATIONS * PLACES);
		Set<Fault> faults = EnumSet.noneOf(Fault.class);
		Fault fault = faultOf(random, fork, calm, liveGeneration);
		add(fault, fork, number, faults);
		if (this.twoFaults && fault != Fault.NONE) {
			add(faultOf(random, fork, calm, liveGeneration), fork, number, faults);
		}
		ClusterConfiguration configuration = this.configurations.of(generation);
		for (Fault habit : (this.chance.isOld()) ? Fault.OLD_HABITS : Fault.HABITS) {
			if (!calm && random.nextInt(8) == 0) {
				add(habit, fork, number, faults);
			}
		}
		if (isUnruly() && !this.chance.isOld() && !calm && fork.worker() > 1 && random.nextInt(16) == 0) {
			add(Fault.NEVER_READY, fork, number, faults);
		}
		if (!this.chance.isOld() && !calm && random.nextInt(32) == 0) {
			add(pick(random, Fault.NEVER_DIES, Fault.DIES_UNHEARD), fork, number, faults);
		}
		if (!this.chance.isOld() && !calm && random.nextInt(16) == 0) {
			add(Fault.STARTS_SLOWLY, fork, number, faults);
		}
		if (this.callsItself) {
			faults.add(Fault.CALLS_ITSELF);
		}
		if (isOneOf(this.repeatingGenerations, generation)
				&& this.disturbances.happens(Kind.APPLICATION, this.repeatedFault + " in generation " + generation)) {
			faults.add(this.repeatedFault);
		}
		return new Character(random, faults, configuration, this.messageMillis, this.chance.isOld());
	}

	private void add(Fault fault, PrimaryAction.Fork fork, int number, Set<Fault> faults) {
		if (fault == Fault.NONE) {
			return;
		}
		int generation = fork.generation();
		boolean broken = isBroken(generation) && fault == this.brokenGenerationFault;
		if ((broken) ? fails(generation) : this.disturbances.happens(Kind.FAULT_OF_WORKER,
				number + " of slot " + fork.slot() + " in generation " + generation + ": " + fault)) {
			faults.add(fault);
		}
	}

	private Fault faultOf(RandomGenerator random, PrimaryAction.Fork fork, boolean calm, int liveGeneration) {
		if (isBroken(fork.generation()) && !(calm && fork.generation() == liveGeneration)) {
			return this.brokenGenerationFault;
		}
		if (!calm && fork.slot() == this.failingSlot && this.failingSlotFault != Fault.NONE) {
			return this.failingSlotFault;
		}
		if (this.mode == SimulationMode.NO_CRASHES && !calm && random.nextInt(6) == 0) {
			return pick(random, Fault.LEAVES, Fault.BREAKS);
		}
		if (calm || (fork.worker() == 1 && !this.firstWorkerMayFail) || random.nextDouble() >= this.failureRate * 8) {
			return Fault.NONE;
		}
		return pick(random, Fault.ANY);
	}

	boolean isUnruly() {
		return this.mode == SimulationMode.ANYTHING;
	}

	@SafeVarargs
	static <T> T pick(RandomGenerator random, T... values) {
		return values[random.nextInt(values.length)];
	}

	private boolean isBroken(int generation) {
		return isOneOf(this.brokenGenerations, generation);
	}

	private boolean fails(int generation) {
		return isBroken(generation)
				&& this.disturbances.happens(Kind.BROKEN_GENERATION, generation + ": " + this.brokenGenerationFault);
	}

	private static boolean isOneOf(long generations, int generation) {
		return (generations >>> Math.min(generation, Long.SIZE - 1) & 1) != 0;
	}

	/**
	 * What a worker is like.
	 *
	 * @param random what it does by chance
	 * @param faults in which ways it fails
	 * @param configuration what it tells
	 * @param messageMillis how long messages take to reach it, at most
	 * @param old whether it does nothing that the workers of old seeds did not
	 */
	record Character(RandomGenerator random, Set<Fault> faults, ClusterConfiguration configuration, int messageMillis,
			boolean old) {

		Duration hangTimeout() {
			return Duration.parse(this.configuration.properties().get("cluster.worker.hang-timeout"));
		}

		boolean has(Fault fault) {
			return this.faults.contains(fault);
		}

	}

	/**
	 * The way in which a worker fails.
	 */
	enum Fault {

		NONE, FORK_FAILS, DIES_BEFORE_ONLINE, DIES_BEFORE_READY, HANGS, OLD_PROTOCOL, DIES_AFTER_READY, FLAPS, LEAVES,
		LEAVES_BEFORE_READY, LOSES_CHANNEL, BREAKS, ANSWERS_BADLY, FREEZES, STALLS, GROWS, IGNORES_DRAIN,
		IGNORES_TERMINATION, DIES_SLOWLY, NEVER_CLOSES, NEVER_READY, CALLS_ITSELF, NEVER_DIES, DIES_UNHEARD,
		REPORTS_AT_START, REPORTS_WHEN_READY, STARTS_SLOWLY;

		static final Fault[] OLD_HABITS = { IGNORES_DRAIN, IGNORES_TERMINATION, DIES_SLOWLY };

		static final Fault[] HABITS = { IGNORES_DRAIN, IGNORES_TERMINATION, DIES_SLOWLY, NEVER_CLOSES };

		static final Fault[] ANY = EnumSet.range(NONE, GROWS).toArray(Fault[]::new);

	}

}
