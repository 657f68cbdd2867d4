package io.clusterboot.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot.StateSetDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a metric that have the same labels.
 */
final class Values {

	private final Labels labels;

	private @Nullable Double value;

	private long count = -1;

	private double sum = Double.NaN;

	private final TreeMap<Double, Long> buckets = new TreeMap<>();

	private final List<Quantile> quantiles = new ArrayList<>();

	private final Map<String, Boolean> states = new LinkedHashMap<>();

	Values(Labels labels) {
		this.labels = labels;
	}

	void put(Point point, double number) {
		String which = point.which();
		switch (point.kindOfPart()) {
			case Point.COUNT:
				this.count = Math.round(number);
				break;
			case Point.SUM:
				this.sum = number;
				break;
			case Point.BUCKET:
				this.buckets.put(Double.valueOf(which), Math.round(number));
				break;
			case Point.QUANTILE:
				this.quantiles.add(new Quantile(Double.parseDouble(which), number));
				break;
			case Point.STATE:
				this.states.put(which, number > 0);
				break;
			default:
				this.value = number;
		}
	}

	static <T> List<T> simple(Collection<Values> all, Function<Values, T> point) {
		return points(all, (values) -> values.value != null, point);
	}

	static <T> List<T> distributed(Collection<Values> all, Function<Values, T> point) {
		return points(all, (values) -> values.count >= 0 || !values.quantiles.isEmpty(), point);
	}

	static List<HistogramDataPointSnapshot> bucketed(Collection<Values> all) {
		return points(all, (values) -> !values.buckets.isEmpty(), Values::histogram);
	}

	static List<StateSetDataPointSnapshot> inStates(Collection<Values> all) {
		return points(all, (values) -> !values.states.isEmpty(), Values::stateSet);
	}

	private static <T> List<T> points(Collection<Values> all, Predicate<Values> fits, Function<Values, T> point) {
		return all.stream().filter(fits).map(point).toList();
	}

	CounterDataPointSnapshot counter() {
		return new CounterDataPointSnapshot(Math.max(0, number()), this.labels, null, 0L);
	}

	GaugeDataPointSnapshot gauge() {
		return new GaugeDataPointSnapshot(number(), this.labels, null);
	}

	UnknownDataPointSnapshot unknown() {
		return new UnknownDataPointSnapshot(number(), this.labels, null);
	}

	InfoDataPointSnapshot info() {
		return new InfoDataPointSnapshot(this.labels);
	}

	private double number() {
		return (this.value != null) ? this.value : Double.NaN;
	}

	SummaryDataPointSnapshot summary() {
		return new SummaryDataPointSnapshot(this.count, this.sum, Quantiles.of(this.quantiles), this.labels,
				Exemplars.EMPTY, 0L);
	}

	private HistogramDataPointSnapshot histogram() {
		this.buckets.putIfAbsent(Double.POSITIVE_INFINITY, 0L);
		ClassicHistogramBuckets counts = ClassicHistogramBuckets.of(List.copyOf(this.buckets.keySet()),
				List.copyOf(this.buckets.values()));
		return new HistogramDataPointSnapshot(counts, this.sum, this.labels, Exemplars.EMPTY, 0L);
	}

	private StateSetDataPointSnapshot stateSet() {
		boolean[] set = new boolean[this.states.size()];
		int next = 0;
		for (boolean state : this.states.values()) {
			set[next++] = state;
		}
		return new StateSetDataPointSnapshot(this.states.keySet().toArray(String[]::new), set, this.labels);
	}

}
