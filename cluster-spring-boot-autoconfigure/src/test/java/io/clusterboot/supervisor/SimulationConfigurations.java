package io.clusterboot.supervisor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

import io.clusterboot.supervisor.Disturbances.Kind;
import io.clusterboot.supervisor.SimulationChance.Aspect;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * The configurations of a simulation: the launcher's and what the workers of each
 * generation tell.
 */
final class SimulationConfigurations {

	private static final int MAX_WORKERS = 5;

	private static final int OLD_GENERATIONS = 64;

	// Each property that a reload can change on its own, and its values
	private static final List<List<String>> CHANGEABLE = List.of(
			List.of("cluster.reload.ready-timeout", "PT8S", "PT12S"),
			List.of("cluster.worker.start-timeout", "PT10S", "PT14S"),
			List.of("cluster.worker.parallel-starts", "0", "1", "2"), List.of("cluster.drain.timeout", "PT3S", "PT5S"),
			List.of("cluster.drain.close-timeout", "PT2S", "PT4S"),
			List.of("cluster.drain.keep-alive-grace", "PT0S", "PT1S"),
			List.of("cluster.reload.soak", "PT0S", "PT4S", "PT8S"), List.of("cluster.reload.pause", "PT0S", "PT2S"),
			List.of("cluster.reload.max-error-increase", "0.05", "0.6"),
			List.of("cluster.reload.train", "off", "background", "before"),
			List.of("cluster.respawn.initial-delay", "PT0.05S", "PT0.1S", "PT1S"),
			List.of("cluster.respawn.max-delay", "PT15S", "PT0.5S"),
			List.of("cluster.respawn.stable-after", "PT2S", "PT10S"),
			List.of("cluster.worker.hang-timeout", "PT8S", "PT20S"),
			List.of("cluster.worker.max-memory", "0", "1000", "2000"),
			List.of("cluster.worker.max-requests", "0", "80"), List.of("cluster.worker.max-lifetime", "PT0S", "PT30S"),
			List.of("cluster.worker.slow-start", "PT0S", "PT5S"),
			List.of("cluster.balance", "kernel", "least-loaded", "source-ip"), List.of("cluster.spares", "0", "1", "2"),
			List.of("server.tomcat.accept-count", "1024", "256"));

	private final SimulationChance chance;

	private final Disturbances disturbances;

	private final boolean rollingOnly;

	private final ClusterConfiguration launched;

	private final Map<Integer, ClusterConfiguration> configurations = new HashMap<>();

	private final Map<Integer, SupervisorSettings> settings = new HashMap<>();

	SimulationConfigurations(SimulationChance chance, Disturbances disturbances, boolean rollingOnly) {
		this.chance = chance;
		this.disturbances = disturbances;
		this.rollingOnly = rollingOnly;
		this.launched = launched(chance.of(Aspect.PLAN, 1));
		for (int generation = 0; generation < OLD_GENERATIONS && chance.isOld(); generation++) {
			this.configurations.put(generation, draw(generation));
		}
	}

	private ClusterConfiguration launched(RandomGenerator random) {
		int surge = random.nextInt(3);
		ClusterConfiguration launched = Configurations.of(anyNumberOfWorkers(random), "cluster.reload.ready-timeout",
				"PT8S", "cluster.worker.start-timeout", "PT10S", "cluster.drain.timeout", "PT3S",
				"cluster.drain.close-timeout", "PT4S", "cluster.drain.keep-alive-grace", "PT1S",
				"cluster.reload.max-surge", String.valueOf(surge), "cluster.reload.max-unavailable",
				unavailable(surge, random), "cluster.reload.soak", pick(random, "PT0S", "PT4S", "PT8S"),
				"cluster.respawn.max-delay", pick(random, "PT15S", "PT15S", "PT0.5S"), "cluster.reload.pause",
				pick(random, "PT0S", "PT0S", "PT2S"), "cluster.reload.train",
				pick(random, "off", "background", "before"), "cluster.worker.hang-timeout",
				pick(random, "PT8S", "PT20S"), "cluster.worker.max-memory", pick(random, "0", "1000"),
				"cluster.worker.max-requests", pick(random, "0", "0", "80"), "cluster.worker.slow-start",
				pick(random, "PT0S", "PT5S"), "cluster.balance", pick(random, "kernel", "least-loaded", "source-ip"),
				"cluster.spares", pick(random, "0", "0", "1", "2"));
		if (this.chance.isOld()) {
			return launched;
		}
		return changed(launched, "cluster.respawn.initial-delay", pick(random, "PT0.1S", "PT0.1S", "PT1S"),
				"cluster.respawn.stable-after", pick(random, "PT10S", "PT2S"), "cluster.worker.max-lifetime",
				pick(random, "PT0S", "PT0S", "PT0S", "PT30S"), "cluster.reload.max-error-increase",
				pick(random, "0.05", "0.05", "0.6"), "machine.processors", pick(random, "1", "2", "2", "4"),
				"cluster.max-workers", limit(launched, random));
	}

	ClusterConfiguration of(int generation) {
		if (this.chance.isOld()) {
			return this.configurations.get(Math.min(generation, OLD_GENERATIONS - 1));
		}
		ClusterConfiguration known = this.configurations.get(generation);
		if (known == null) {
			known = draw(generation);
			this.configurations.put(generation, known);
		}
		return known;
	}

	SupervisorSettings settings(int generation) {
		SupervisorSettings known = this.settings.get(generation);
		if (known == null) {
			known = of(generation).settings();
			this.settings.put(generation, known);
		}
		return known;
	}

	/**
	 * Return why a generation cannot go live.
	 * @param generation the generation
	 * @return the reason or {@code null}
	 */
	String refusal(int generation) {
		return this.launched.refusal(of(generation));
	}

	private ClusterConfiguration draw(int generation) {
		RandomGenerator random = this.chance.of(Aspect.GENERATION, generation);
		if (generation > 1 && random.nextInt(10) == 0) {
			return change(generation, "server.port", "9090");
		}
		boolean resized = generation > 1 && random.nextInt(3) == 0;
		ClusterConfiguration drawn = (resized)
				? change(generation, "cluster.workers", String.valueOf(anyNumberOfWorkers(random))) : this.launched;
		if (this.chance.isOld() || generation <= 1) {
			return drawn;
		}
		Map<String, String> changes = new TreeMap<>();
		for (int i = random.nextInt(4); i > 0; i--) {
			List<String> property = CHANGEABLE.get(random.nextInt(CHANGEABLE.size()));
			changes.put(property.get(0), property.get(1 + random.nextInt(property.size() - 1)));
		}
		if (random.nextInt(6) == 0) {
			int surge = random.nextInt(3);
			changes.put("cluster.reload.max-surge", String.valueOf(surge));
			changes.put("cluster.reload.max-unavailable", unavailable(surge, random));
		}
		if (!this.rollingOnly && random.nextInt(10) == 0) {
			changes.put("cluster.reload.strategy", "parallel");
		}
		return (!changes.isEmpty()
				&& this.disturbances.happens(Kind.CONFIGURATION_OF_GENERATION, generation + ": " + changes))
						? drawn.changedBy(new ClusterConfiguration(changes)) : drawn;
	}

	private ClusterConfiguration change(int generation, String name, String value) {
		return (this.disturbances.happens(Kind.CONFIGURATION_OF_GENERATION, generation + ": " + name + "=" + value))
				? changed(this.launched, name, value) : this.launched;
	}

	private static ClusterConfiguration changed(ClusterConfiguration configuration, String... changes) {
		Map<String, String> properties = new HashMap<>();
		for (int i = 0; i < changes.length; i += 2) {
			properties.put(changes[i], changes[i + 1]);
		}
		return configuration.changedBy(new ClusterConfiguration(properties));
	}

	private static String unavailable(int surge, RandomGenerator random) {
		return (surge == 0) ? pick(random, "1", "2") : pick(random, "0", "0", "0", "1");
	}

	private static String limit(ClusterConfiguration launched, RandomGenerator random) {
		return (random.nextBoolean()) ? "0" : String.valueOf(launched.settings().workers() + random.nextInt(3));
	}

	private static int anyNumberOfWorkers(RandomGenerator random) {
		return 1 + Math.min(random.nextInt(MAX_WORKERS), random.nextInt(MAX_WORKERS));
	}

	private static String pick(RandomGenerator random, String... values) {
		return values[random.nextInt(values.length)];
	}

}
