package io.clusterboot.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.clusterboot.contract.MetricMerge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a metric that several workers have: what the user says, or else what
 * its kind and name tell. Names are compared without what stands between their words, so
 * those of Micrometer and those of Prometheus both do.
 */
final class MergeRules {

	private static final String MAXIMUM = "_max";

	private static final String TOTAL = "_total";

	private static final List<String> OF_MACHINE = List.of("system_", "disk_");

	// Of a pool or a JVM, where a maximum may be a limit
	private static final List<String> OF_WORKER = List.of("jvm_", "process_", "tomcat_", "jetty_", "hikaricp_", "jdbc_",
			"executor_");

	private final Map<String, MetricMerge> configured = new HashMap<>();

	private final MeterRegistry meters;

	private final Map<String, String> meterNames = new HashMap<>();

	private final Set<String> longTasks = new HashSet<>();

	private final Map<String, Rule> rules = new HashMap<>();

	MergeRules(Map<String, MetricMerge> configured, MeterRegistry meters) {
		configured.forEach((name, merge) -> this.configured.put(letters(name), merge));
		this.meters = meters;
	}

	/**
	 * Return the rule for a metric.
	 * @param name its name in Prometheus, without what its kind adds
	 * @param kind its kind
	 * @return the rule
	 */
	Rule of(String name, Kind kind) {
		return this.rules.computeIfAbsent(kind + " " + name, (key) -> {
			lookAtMeters();
			boolean cumulative = kind.isCumulative() && !this.longTasks.contains(name);
			MetricMerge configured = configured(name);
			return new Rule((configured != null) ? configured : merge(name, kind), cumulative);
		});
	}

	// There is no way from a metric back to its meter
	private void lookAtMeters() {
		for (Meter meter : this.meters.getMeters()) {
			String name = meter.getId().getConventionName(this.meters.config().namingConvention());
			this.meterNames.put(without(name, TOTAL), meter.getId().getName());
			if (meter instanceof LongTaskTimer) {
				this.longTasks.add(name);
			}
		}
	}

	private @Nullable MetricMerge configured(String name) {
		MetricMerge exact = this.configured.get(letters(name));
		if (exact == null) {
			exact = this.configured.get(letters(name + TOTAL));
		}
		String meter = this.meterNames.getOrDefault(name, this.meterNames.get(without(name, MAXIMUM)));
		return (exact != null || meter == null) ? exact : this.configured.get(letters(meter));
	}

	private static MetricMerge merge(String name, Kind kind) {
		if (kind.isCumulative() || kind == Kind.GAUGE_HISTOGRAM) {
			return MetricMerge.SUM;
		}
		if (kind == Kind.INFO || OF_MACHINE.stream().anyMatch(name::startsWith)) {
			return MetricMerge.LAST;
		}
		return (name.endsWith(MAXIMUM) && OF_WORKER.stream().noneMatch(name::startsWith)) ? MetricMerge.MAX
				: MetricMerge.WORKER;
	}

	private static String without(String name, String suffix) {
		return (name.endsWith(suffix)) ? name.substring(0, name.length() - suffix.length()) : name;
	}

	private static String letters(String name) {
		return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * What becomes of a metric.
	 *
	 * @param merge how the numbers of several workers become one
	 * @param cumulative whether they only grow
	 */
	record Rule(MetricMerge merge, boolean cumulative) {

	}

}
