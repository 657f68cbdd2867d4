package io.clusterboot.primary;

import java.util.random.RandomGenerator;

/**
 * What the seed of a simulation decides before it begins: size, settings, and how workers
 * misbehave.
 */
final class SimulationPlan {

	private static final int MAX_WORKERS = 5;

	private final SimulationMode mode;

	private final RandomGenerator random;

	private final Configuration configuration;

	private final long chaosMillis;

	private final double failureRate;

	private final boolean firstWorkerMayFail;

	private final Fault brokenGenerationFault;

	private final long brokenGenerations;

	private final boolean rollingOnly;

	SimulationPlan(SimulationMode mode, RandomGenerator random) {
		this.mode = mode;
		this.random = random;
		this.rollingOnly = random.nextInt(3) == 0;
		this.configuration = Configurations.of(1 + Math.min(random.nextInt(MAX_WORKERS), random.nextInt(MAX_WORKERS)),
				"cluster.reload.ready-timeout", "PT8S", "cluster.worker.start-timeout", "PT10S",
				"cluster.drain.timeout", "PT3S", "cluster.drain.keep-alive-grace", "PT1S");
		this.chaosMillis = 1000 + random.nextInt(25_000);
		this.failureRate = (mode == SimulationMode.ANYTHING) ? 0.02 + 0.1 * random.nextDouble() : 0;
		this.firstWorkerMayFail = mode == SimulationMode.ANYTHING && random.nextInt(4) == 0;
		this.brokenGenerationFault = pick(Fault.FORK_FAILS, Fault.DIES_BEFORE_ONLINE, Fault.DIES_BEFORE_READY,
				Fault.HANGS, Fault.OLD_PROTOCOL, Fault.DIES_AFTER_READY);
		// generation 1 works, or there would be no cluster
		this.brokenGenerations = (mode == SimulationMode.BROKEN_GENERATION)
				? (random.nextLong() | random.nextLong()) & ~3L : 0;
	}

	Configuration configuration() {
		return this.configuration;
	}

	long chaosMillis() {
		return this.chaosMillis;
	}

	boolean isRollingOnly() {
		return this.rollingOnly;
	}

	/**
	 * Return whether no worker that serves can fail, so that capacity must never fall.
	 * @return whether capacity is guaranteed
	 */
	boolean guaranteesCapacity() {
		return this.mode == SimulationMode.NO_CRASHES || (this.mode == SimulationMode.BROKEN_GENERATION
				&& this.brokenGenerationFault != Fault.DIES_AFTER_READY);
	}

	Fault faultOf(int worker, int generation, boolean calm, int liveGeneration) {
		if (isBroken(generation) && !(calm && generation == liveGeneration)) {
			return this.brokenGenerationFault;
		}
		if (calm || (worker == 1 && !this.firstWorkerMayFail) || this.random.nextDouble() >= this.failureRate * 8) {
			return Fault.NONE;
		}
		return pick(Fault.values());
	}

	boolean rarely(boolean calm) {
		return !calm && this.random.nextInt(8) == 0;
	}

	boolean isUnruly() {
		return this.mode == SimulationMode.ANYTHING;
	}

	@SafeVarargs
	final <T> T pick(T... values) {
		return values[this.random.nextInt(values.length)];
	}

	private boolean isBroken(int generation) {
		return (this.brokenGenerations >>> Math.min(generation, Long.SIZE - 1) & 1) != 0;
	}

	/**
	 * The way in which a worker fails.
	 */
	enum Fault {

		NONE, FORK_FAILS, DIES_BEFORE_ONLINE, DIES_BEFORE_READY, HANGS, OLD_PROTOCOL, DIES_AFTER_READY, FLAPS, LEAVES,
		LEAVES_BEFORE_READY, LOSES_CHANNEL

	}

}
