package io.clusterboot.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntSupplier;

import io.clusterboot.contract.MetricMerge;
import io.clusterboot.numbers.Merge;
import io.clusterboot.numbers.Series;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBucket;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot.StateSetDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;

/**
 * Takes metrics apart into numbers by key. Exemplars, times of creation and the buckets
 * of native histograms are left out.
 */
final class Disassembly {

	private final MergeRules rules;

	private final IntSupplier slot;

	/**
	 * Create a disassembly.
	 * @param rules what becomes of which metric
	 * @param slot the slot of this worker, negative while it has none
	 */
	Disassembly(MergeRules rules, IntSupplier slot) {
		this.rules = rules;
		this.slot = slot;
	}

	Map<Series, Double> of(MetricSnapshots metrics) {
		Map<Series, Double> numbers = new LinkedHashMap<>();
		int slot = this.slot.getAsInt();
		for (MetricSnapshot metric : metrics) {
			Family family = Family.of(metric);
			MergeRules.Rule rule = this.rules.of(family.name(), family.kind());
			if (rule.merge() != MetricMerge.OMIT) {
				Numbers of = new Numbers(family, rule, slot, numbers);
				metric.getDataPoints().forEach(of::add);
			}
		}
		return numbers;
	}

	/**
	 * The numbers of one metric.
	 */
	private static final class Numbers {

		private final Family family;

		private final MergeRules.Rule rule;

		private final int slot;

		private final Map<Series, Double> numbers;

		Numbers(Family family, MergeRules.Rule rule, int slot, Map<Series, Double> numbers) {
			this.family = family;
			this.rule = rule;
			this.slot = slot;
			this.numbers = numbers;
		}

		void add(DataPointSnapshot point) {
			Labels labels = point.getLabels();
			if (point instanceof CounterDataPointSnapshot counter) {
				put(Point.VALUE, labels, counter.getValue());
			}
			else if (point instanceof GaugeDataPointSnapshot gauge) {
				put(Point.VALUE, labels, gauge.getValue());
			}
			else if (point instanceof UnknownDataPointSnapshot unknown) {
				put(Point.VALUE, labels, unknown.getValue());
			}
			else if (point instanceof HistogramDataPointSnapshot histogram) {
				add(histogram);
			}
			else if (point instanceof SummaryDataPointSnapshot summary) {
				add(summary);
			}
			else if (point instanceof StateSetDataPointSnapshot states) {
				for (StateSetSnapshot.State state : states) {
					put(Point.STATE, state.getName(), labels, (state.isTrue()) ? 1 : 0, this.rule);
				}
			}
			else {
				put(Point.VALUE, labels, 1);
			}
		}

		private void add(HistogramDataPointSnapshot histogram) {
			Labels labels = histogram.getLabels();
			if (histogram.hasClassicHistogramData()) {
				for (ClassicHistogramBucket bucket : histogram.getClassicBuckets()) {
					put(Point.BUCKET, String.valueOf(bucket.getUpperBound()), labels, bucket.getCount(), this.rule);
				}
			}
			else if (histogram.hasCount()) {
				put(Point.BUCKET, String.valueOf(Double.POSITIVE_INFINITY), labels, histogram.getCount(), this.rule);
			}
			addSum(histogram);
		}

		private void add(SummaryDataPointSnapshot summary) {
			if (summary.hasCount()) {
				put(Point.COUNT, summary.getLabels(), summary.getCount());
			}
			addSum(summary);
			// Those of several workers are nothing together
			MergeRules.Rule each = new MergeRules.Rule(MetricMerge.WORKER, false);
			for (Quantile quantile : summary.getQuantiles()) {
				put(Point.QUANTILE, String.valueOf(quantile.getQuantile()), summary.getLabels(), quantile.getValue(),
						each);
			}
		}

		private void addSum(DistributionDataPointSnapshot distribution) {
			if (distribution.hasSum()) {
				put(Point.SUM, distribution.getLabels(), distribution.getSum());
			}
		}

		private void put(char part, Labels labels, double value) {
			put(part, "", labels, value, this.rule);
		}

		private void put(char part, String which, Labels labels, double value, MergeRules.Rule rule) {
			Point point = Point.of(this.family.name(), part, which, labels);
			boolean ofWorker = rule.merge() == MetricMerge.WORKER;
			if (ofWorker && this.slot < 0) {
				return;
			}
			Series series = new Series(merge(rule), ((ofWorker) ? point.ofWorker(this.slot) : point).key());
			this.numbers.putIfAbsent(new Series(Merge.LAST, this.family.key()), 1.0);
			this.numbers.put(series, value);
		}

		private static Merge merge(MergeRules.Rule rule) {
			return switch (rule.merge()) {
				case SUM -> (rule.cumulative()) ? Merge.TOTAL : Merge.SUM;
				case MAX -> Merge.MAX;
				case MIN -> Merge.MIN;
				case LAST, OMIT -> Merge.LAST;
				case WORKER -> (rule.cumulative()) ? Merge.TOTAL : Merge.LAST;
			};
		}

	}

}
