package io.clusterboot.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;

/**
 * Makes metrics of numbers by key. Where generations disagree on what a metric is, the
 * newest is right.
 */
final class Assembly {

	private final Map<String, Family> families = new LinkedHashMap<>();

	private final Map<String, Map<List<String>, Values>> values = new LinkedHashMap<>();

	/**
	 * Create metrics.
	 * @param numbers numbers by key
	 * @return the metrics
	 */
	static List<MetricSnapshot> of(Map<String, Double> numbers) {
		Assembly assembly = new Assembly();
		numbers.forEach(assembly::add);
		return assembly.metrics();
	}

	private void add(String key, double value) {
		List<String> words = Words.split(key);
		Family family = Family.parse(words);
		if (family != null) {
			this.families.put(family.name(), family);
			return;
		}
		Point point = Point.parse(words);
		this.values.computeIfAbsent(point.metric(), (name) -> new LinkedHashMap<>())
			.computeIfAbsent(point.labels(), (labels) -> new Values(point.labelSet()))
			.put(point, value);
	}

	private List<MetricSnapshot> metrics() {
		List<MetricSnapshot> metrics = new ArrayList<>();
		this.families.forEach((name, family) -> {
			Map<List<String>, Values> values = this.values.get(name);
			if (values != null) {
				MetricSnapshot metric = metric(family.kind(), family.metadata(), values.values());
				if (!metric.getDataPoints().isEmpty()) {
					metrics.add(metric);
				}
			}
		});
		return metrics;
	}

	private static MetricSnapshot metric(Kind kind, MetricMetadata metadata, Collection<Values> values) {
		return switch (kind) {
			case COUNTER -> new CounterSnapshot(metadata, Values.simple(values, Values::counter));
			case GAUGE -> new GaugeSnapshot(metadata, Values.simple(values, Values::gauge));
			case UNKNOWN -> new UnknownSnapshot(metadata, Values.simple(values, Values::unknown));
			case INFO -> new InfoSnapshot(metadata, Values.simple(values, Values::info));
			case SUMMARY -> new SummarySnapshot(metadata, Values.distributed(values, Values::summary));
			case HISTOGRAM -> new HistogramSnapshot(metadata, Values.bucketed(values));
			case GAUGE_HISTOGRAM -> new HistogramSnapshot(true, metadata, Values.bucketed(values));
			case STATE_SET -> new StateSetSnapshot(metadata, Values.inStates(values));
		};
	}

}
