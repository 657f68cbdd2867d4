package io.clusterboot.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;

/**
 * The kinds of metrics that Prometheus knows.
 */
enum Kind {

	COUNTER,

	GAUGE,

	HISTOGRAM,

	GAUGE_HISTOGRAM,

	SUMMARY,

	INFO,

	STATE_SET,

	UNKNOWN;

	static Kind of(MetricSnapshot metric) {
		if (metric instanceof CounterSnapshot) {
			return COUNTER;
		}
		if (metric instanceof HistogramSnapshot histogram) {
			return (histogram.isGaugeHistogram()) ? GAUGE_HISTOGRAM : HISTOGRAM;
		}
		if (metric instanceof SummarySnapshot) {
			return SUMMARY;
		}
		if (metric instanceof InfoSnapshot) {
			return INFO;
		}
		if (metric instanceof StateSetSnapshot) {
			return STATE_SET;
		}
		return (metric instanceof UnknownSnapshot) ? UNKNOWN : GAUGE;
	}

	/**
	 * Return whether its numbers only grow, but for quantiles.
	 * @return whether what a worker has counted remains counted when it is gone
	 */
	boolean isCumulative() {
		return this == COUNTER || this == HISTOGRAM || this == SUMMARY;
	}

}
