package io.clusterboot.supervisor.settings;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.Balance;
import io.clusterboot.contract.ReloadTraining;
import org.jspecify.annotations.Nullable;

/**
 * The properties that the cluster is run with. The launcher and every worker tell them in
 * the same canonical form: durations in ISO-8601, names of constants in lower case.
 *
 * @param properties values by name
 */
public record ClusterConfiguration(Map<String, String> properties) {

	// What is bound or made once, by the launcher, and what it means not to set it
	private static final Map<String, String> FIXED = fixed();

	// JVM options can have passwords in them
	private static final Set<String> SECRETIVE = Set.of("cluster.worker.jvm-args", "cluster.worker.command-prefix",
			"cluster.primary.jvm-args");

	// For ever: what is longer cannot be added to a time
	private static final Duration LONGEST = Duration.ofDays(36_500);

	public ClusterConfiguration {
		properties = Map.copyOf(properties);
	}

	private static Map<String, String> fixed() {
		Map<String, String> fixed = new LinkedHashMap<>();
		fixed.put("server.port", "none");
		fixed.put("server.address", "all addresses");
		fixed.put("cluster.bus", "none");
		fixed.put("cluster.redis.name", "the application's name");
		fixed.put("cluster.redis.prefix", "none");
		fixed.put("cluster.staging.enabled", "none");
		fixed.put("cluster.staging.directory", "the directory for temporary files");
		fixed.put("cluster.control.enabled", "none");
		fixed.put("cluster.control.directory", "the user's directory for sockets");
		fixed.put("cluster.store.max-size", "none");
		fixed.put("cluster.worker.jvm-args", "none");
		fixed.put("cluster.worker.command-prefix", "none");
		fixed.put("cluster.worker.processors", "none");
		fixed.put("cluster.primary.jvm-args", "none");
		return fixed;
	}

	/**
	 * Return why other properties cannot take the place of these while the cluster runs.
	 * @param other the other properties, perhaps of an older or newer version of this
	 * library
	 * @return the reason or {@code null} if they can
	 */
	public @Nullable String refusal(ClusterConfiguration other) {
		if (other.properties.getOrDefault("cluster.workers", "").matches("0+|-.*")) {
			return "'cluster.workers' turns the cluster off, which needs a restart";
		}
		for (String name : FIXED.keySet()) {
			String from = this.properties.get(name);
			String to = other.properties.get(name);
			if (from != null && to != null && !from.equals(to)) {
				return "'%s' was changed%s, which needs a restart of the cluster".formatted(name,
						SECRETIVE.contains(name) ? ""
								: " from %s to %s".formatted(readable(name, from), readable(name, to)));
			}
		}
		try {
			return changedBy(other).settings().refusal();
		}
		catch (IllegalArgumentException ex) {
			return "%s, which the version of this library that the cluster was started with does not understand"
				.formatted(ex.getMessage());
		}
	}

	private static String readable(String name, String value) {
		return (!value.isEmpty()) ? "'" + value + "'" : FIXED.getOrDefault(name, "none");
	}

	/**
	 * Return these properties as others change them. What the others do not know stays.
	 * @param other the other properties
	 * @return both
	 */
	public ClusterConfiguration changedBy(ClusterConfiguration other) {
		Map<String, String> merged = new TreeMap<>(this.properties);
		merged.putAll(other.properties);
		return new ClusterConfiguration(merged);
	}

	/**
	 * Return these properties with what cannot change taken from others.
	 * @param other the properties that the cluster's first worker has told, which can
	 * differ from the launcher's where the application sets some by itself
	 * @return both
	 */
	public ClusterConfiguration fixedBy(ClusterConfiguration other) {
		Map<String, String> fixed = new TreeMap<>(other.properties);
		fixed.keySet().retainAll(FIXED.keySet());
		return changedBy(new ClusterConfiguration(fixed));
	}

	/**
	 * Return what these properties say.
	 * @return the settings
	 * @throws IllegalArgumentException if a property is missing or cannot be understood
	 */
	public SupervisorSettings settings() {
		return new SupervisorSettings(number("cluster.workers"), limit("cluster.max-workers", "machine.max-workers"),
				number("server.tomcat.accept-count"),
				new SupervisorSettings.Reload(constant("cluster.reload.strategy", ReloadStrategy.class),
						duration("cluster.reload.ready-timeout"), number("cluster.reload.max-surge"),
						number("cluster.reload.max-unavailable"), duration("cluster.reload.pause"),
						duration("cluster.reload.soak"), get("cluster.reload.max-error-increase", Double::parseDouble),
						constant("cluster.reload.train", ReloadTraining.class)),
				new SupervisorSettings.Worker(duration("cluster.worker.hang-timeout"),
						get("cluster.worker.max-memory", Long::parseLong),
						get("cluster.worker.max-requests", Long::parseLong), duration("cluster.worker.max-lifetime"),
						duration("cluster.worker.slow-start")),
				constant("cluster.balance", Balance.class), number("cluster.spares"),
				duration("cluster.worker.start-timeout"), limit("cluster.worker.parallel-starts", "machine.processors"),
				duration("cluster.drain.timeout"), duration("cluster.drain.close-timeout"),
				duration("cluster.drain.keep-alive-grace"), duration("cluster.respawn.initial-delay"),
				duration("cluster.respawn.max-delay"), duration("cluster.respawn.stable-after"),
				duration("cluster.respawn.failed-delay"));
	}

	// What the machine allows is told by the launcher only: workers may see less of it
	private int limit(String name, String ofMachine) {
		int limit = number(name);
		return (limit > 0) ? limit : number(ofMachine);
	}

	private int number(String name) {
		return get(name, Integer::parseInt);
	}

	private Duration duration(String name) {
		Duration duration = get(name, Duration::parse);
		return (duration.compareTo(LONGEST) < 0) ? duration : LONGEST;
	}

	private <E extends Enum<E>> E constant(String name, Class<E> type) {
		return get(name, (value) -> Enum.valueOf(type, value.toUpperCase(Locale.ROOT).replace('-', '_')));
	}

	private <T> T get(String name, Function<String, T> parser) {
		String value = this.properties.get(name);
		if (value == null) {
			throw new IllegalArgumentException("'%s' is missing".formatted(name));
		}
		try {
			return parser.apply(value);
		}
		catch (IllegalArgumentException | DateTimeParseException ex) {
			throw new IllegalArgumentException("'%s' has the value '%s'".formatted(name, value), ex);
		}
	}

}
