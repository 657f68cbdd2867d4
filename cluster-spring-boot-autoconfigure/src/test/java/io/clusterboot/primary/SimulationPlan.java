package io.clusterboot.primary;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStrategy;

/**
 * What the seed of a simulation decides before it begins: size, settings, and how workers
 * misbehave.
 */
final class SimulationPlan {

	private static final int MAX_WORKERS = 5;

	private static final int GENERATIONS = 64;

	private static final Set<Fault> SEEN_BY_CANARY = Set.of(Fault.DIES_AFTER_READY, Fault.BREAKS, Fault.ANSWERS_BADLY);

	private final SimulationMode mode;

	private final RandomGenerator random;

	private final Configuration configuration;

	private final SupervisorSettings settings;

	// What the workers of each generation tell
	private final List<Configuration> configurations;

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
		int surge = random.nextInt(3);
		this.configuration = Configurations.of(anyNumberOfWorkers(), "cluster.reload.ready-timeout", "PT8S",
				"cluster.worker.start-timeout", "PT10S", "cluster.drain.timeout", "PT3S",
				"cluster.drain.keep-alive-grace", "PT1S", "cluster.reload.max-surge", String.valueOf(surge),
				"cluster.reload.max-unavailable", (surge == 0) ? pick("1", "2") : pick("0", "0", "0", "1"),
				"cluster.reload.soak", pick("PT0S", "PT4S", "PT8S"), "cluster.respawn.max-delay",
				pick("PT15S", "PT15S", "PT0.5S"), "cluster.reload.pause", pick("PT0S", "PT0S", "PT2S"),
				"cluster.reload.train", pick("off", "background", "before"), "cluster.worker.hang-timeout",
				pick("PT8S", "PT20S"), "cluster.worker.max-memory", pick("0", "1000"), "cluster.worker.max-requests",
				pick("0", "0", "80"), "cluster.worker.slow-start", pick("PT0S", "PT5S"), "cluster.balance",
				pick("kernel", "least-loaded", "source-ip"), "cluster.spares", pick("0", "0", "1", "2"));
		this.settings = this.configuration.settings();
		this.configurations = IntStream.range(0, GENERATIONS).mapToObj(this::configuration).toList();
		this.chaosMillis = 1000 + random.nextInt(25_000);
		this.failureRate = (mode == SimulationMode.ANYTHING) ? 0.02 + 0.1 * random.nextDouble() : 0;
		this.firstWorkerMayFail = mode == SimulationMode.ANYTHING && random.nextInt(4) == 0;
		this.brokenGenerationFault = pick(Fault.FORK_FAILS, Fault.DIES_BEFORE_ONLINE, Fault.DIES_BEFORE_READY,
				Fault.HANGS, Fault.OLD_PROTOCOL, Fault.DIES_AFTER_READY, Fault.BREAKS, Fault.ANSWERS_BADLY);
		// generation 1 works, or there would be no cluster
		this.brokenGenerations = (mode == SimulationMode.BROKEN_GENERATION)
				? (random.nextLong() | random.nextLong()) & ~3L : 0;
	}

	Configuration configuration() {
		return this.configuration;
	}

	Configuration configuration(int generation) {
		if (generation > 1 && this.random.nextInt(10) == 0) {
			return changed("server.port", "9090");
		}
		boolean same = generation <= 1 || this.random.nextInt(3) != 0;
		return (same) ? this.configuration : changed("cluster.workers", String.valueOf(anyNumberOfWorkers()));
	}

	private Configuration changed(String name, String value) {
		return this.configuration.changedBy(new Configuration(Map.of(name, value)));
	}

	private int anyNumberOfWorkers() {
		return 1 + Math.min(this.random.nextInt(MAX_WORKERS), this.random.nextInt(MAX_WORKERS));
	}

	/**
	 * Return what workers of a generation tell about their configuration.
	 * @param generation the generation
	 * @return the configuration
	 */
	Configuration configurationOf(int generation) {
		return this.configurations.get(Math.min(generation, GENERATIONS - 1));
	}

	int workersOf(int generation) {
		return Integer.parseInt(configurationOf(generation).properties().get("cluster.workers"));
	}

	/**
	 * Return how many workers that serve may be replaced together in a rolling reload.
	 * @return the number of workers
	 */
	int mostAtOnce() {
		SupervisorSettings.Reload reload = this.settings.reload();
		return reload.maxSurge() + reload.maxUnavailable();
	}

	/**
	 * Check that a reload could go live in spite of everything.
	 * @param reload the reload
	 */
	void checkMayBeLive(ReloadSnapshot reload) {
		SimulationInvariants.check(this.configuration.refusal(configurationOf(reload.toGeneration())) == null,
				"refuses what cannot change", reload);
		boolean watched = reload.strategy() == ReloadStrategy.ROLLING && !this.settings.reload().soak().isZero();
		SimulationInvariants.check(
				!watched || !isBroken(reload.toGeneration()) || !SEEN_BY_CANARY.contains(this.brokenGenerationFault)
						|| this.brokenGenerationFault == Fault.ANSWERS_BADLY && isBroken(reload.fromGeneration()),
				"heeds the canary", reload);
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
		if (this.mode == SimulationMode.NO_CRASHES && !calm && this.random.nextInt(6) == 0) {
			return pick(Fault.LEAVES, Fault.BREAKS);
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
		LEAVES_BEFORE_READY, LOSES_CHANNEL, BREAKS, ANSWERS_BADLY, FREEZES, STALLS, GROWS

	}

}
