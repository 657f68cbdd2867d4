package io.clusterboot.primary;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.ReloadTraining;
import org.jspecify.annotations.Nullable;

/**
 * The properties that the cluster is run with. The launcher and every worker tell them in
 * the same canonical form: durations in ISO-8601, names of constants in lower case.
 *
 * @param properties values by name
 */
record Configuration(Map<String, String> properties) {

	// What is bound or made once, by the launcher
	private static final List<String> FIXED = List.of("server.port", "server.address", "cluster.staging.enabled",
			"cluster.staging.directory", "cluster.worker.jvm-args", "cluster.primary.jvm-args");

	Configuration {
		properties = Map.copyOf(properties);
	}

	/**
	 * Return why other properties cannot take the place of these while the cluster runs.
	 * @param other the other properties
	 * @return the reason or {@code null} if they can
	 */
	@Nullable String refusal(Configuration other) {
		for (String name : FIXED) {
			String from = this.properties.get(name);
			String to = other.properties.get(name);
			if (from != null && to != null && !from.equals(to)) {
				return "'%s' was changed from '%s' to '%s', which needs a restart of the cluster".formatted(name, from,
						to);
			}
		}
		if ("0".equals(other.properties.get("cluster.workers"))) {
			return "'cluster.workers' turns the cluster off, which needs a restart without it";
		}
		return null;
	}

	/**
	 * Return these properties as others change them. What the others do not know stays.
	 * @param other the other properties
	 * @return both
	 */
	Configuration changedBy(Configuration other) {
		Map<String, String> merged = new TreeMap<>(this.properties);
		merged.putAll(other.properties);
		return new Configuration(merged);
	}

	SupervisorSettings settings() {
		return new SupervisorSettings(number("cluster.workers"), number("server.tomcat.accept-count"),
				new SupervisorSettings.Reload(constant("cluster.reload.strategy", ReloadStrategy.class),
						duration("cluster.reload.ready-timeout"), number("cluster.reload.max-surge"),
						number("cluster.reload.max-unavailable"), duration("cluster.reload.pause"),
						duration("cluster.reload.soak"), Double.parseDouble(get("cluster.reload.max-error-increase")),
						constant("cluster.reload.train", ReloadTraining.class)),
				duration("cluster.worker.start-timeout"), duration("cluster.drain.timeout"),
				duration("cluster.drain.keep-alive-grace"), duration("cluster.respawn.initial-delay"),
				duration("cluster.respawn.max-delay"), duration("cluster.respawn.stable-after"));
	}

	private String get(String name) {
		String value = this.properties.get(name);
		if (value == null) {
			throw new IllegalArgumentException("Property '%s' is missing".formatted(name));
		}
		return value;
	}

	private int number(String name) {
		return Integer.parseInt(get(name));
	}

	private Duration duration(String name) {
		return Duration.parse(get(name));
	}

	private <E extends Enum<E>> E constant(String name, Class<E> type) {
		return Enum.valueOf(type, get(name).toUpperCase(Locale.ROOT));
	}

}
