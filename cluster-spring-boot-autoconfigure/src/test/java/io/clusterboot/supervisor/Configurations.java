package io.clusterboot.supervisor;

import java.util.Map;
import java.util.TreeMap;

import io.clusterboot.supervisor.settings.ClusterConfiguration;

/**
 * Configurations for tests: the defaults, but without canary and training.
 */
public final class Configurations {

	private Configurations() {
	}

	/**
	 * Make a configuration.
	 * @param workers the number of workers
	 * @param changes names and values that differ from the defaults, in turn
	 * @return the configuration
	 */
	public static ClusterConfiguration of(int workers, String... changes) {
		Map<String, String> properties = new TreeMap<>(
				Map.of("server.port", "8080", "server.address", "", "server.tomcat.accept-count", "1024",
						"cluster.worker.jvm-args", "", "cluster.primary.jvm-args", "", "cluster.staging.enabled",
						"true", "cluster.staging.directory", "", "cluster.worker.start-timeout", "PT1M"));
		properties.putAll(Map.of("cluster.control.enabled", "true", "cluster.control.directory", "",
				"cluster.store.max-size", "16777216"));
		properties.putAll(Map.of("cluster.reload.strategy", "rolling", "cluster.reload.ready-timeout", "PT1M",
				"cluster.reload.max-surge", "1", "cluster.reload.max-unavailable", "0", "cluster.reload.pause", "PT0S",
				"cluster.reload.soak", "PT0S", "cluster.reload.max-error-increase", "0.05", "cluster.reload.train",
				"off"));
		properties.putAll(Map.of("cluster.worker.hang-timeout", "P1D", "cluster.worker.max-memory", "0",
				"cluster.worker.max-requests", "0", "cluster.worker.max-lifetime", "PT0S", "cluster.worker.slow-start",
				"PT0S", "cluster.balance", "kernel", "cluster.spares", "0", "cluster.worker.command-prefix", "",
				"cluster.worker.processors", ""));
		properties.putAll(Map.of("cluster.drain.timeout", "PT30S", "cluster.drain.close-timeout", "PT30S",
				"cluster.drain.keep-alive-grace", "PT5S", "cluster.respawn.initial-delay", "PT0.1S",
				"cluster.respawn.max-delay", "PT15S", "cluster.respawn.stable-after", "PT10S",
				"cluster.respawn.failed-delay", "PT1M"));
		properties.putAll(Map.of("cluster.max-workers", "0", "machine.max-workers", "1000",
				"cluster.worker.parallel-starts", "0", "machine.processors", "1000"));
		properties
			.putAll(Map.of("cluster.bus", "primary", "cluster.redis.name", "", "cluster.redis.prefix", "cluster"));
		properties.put("cluster.workers", String.valueOf(workers));
		for (int i = 0; i < changes.length; i += 2) {
			properties.put(changes[i], changes[i + 1]);
		}
		return new ClusterConfiguration(properties);
	}

}
