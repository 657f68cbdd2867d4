package io.clusterboot.metrics;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Reply;
import io.clusterboot.machine.KernelDrops;
import io.clusterboot.numbers.Totals;
import io.clusterboot.worker.RemoteCluster;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;

/**
 * The metrics of all workers together, for whoever takes them to be those of one.
 */
final class MergedRegistry extends PrometheusRegistry {

	// A scrape may take longer than the primary waits for the others, but not much
	private static final Duration TIMEOUT = Duration.ofSeconds(1);

	// For what takes a moment if the primary answers at all
	private static final Duration LEAST = Duration.ofMillis(200);

	private final RemoteCluster cluster;

	MergedRegistry(RemoteCluster cluster) {
		this.cluster = cluster;
	}

	@Override
	public MetricSnapshots scrape() {
		return scrape((name) -> true);
	}

	@Override
	public MetricSnapshots scrape(Predicate<String> included) {
		long start = System.nanoTime();
		List<Reply.Numbers> pages = this.cluster.numbers(TIMEOUT);
		Duration left = TIMEOUT.minusNanos(System.nanoTime() - start);
		Reply.Tally tally = this.cluster.tally((left.compareTo(LEAST) > 0) ? left : LEAST);
		Reply.Numbers last = pages.get(pages.size() - 1);
		MetricSnapshots.Builder metrics = MetricSnapshots.builder();
		OwnMetrics.of(tally.snapshot(), tally.tally(), last.ages(), last.dropped(), KernelDrops::read)
			.forEach((metric) -> add(metrics, metric, included));
		Assembly.of(read(pages)).forEach((metric) -> add(metrics, metric, included));
		return metrics.build();
	}

	private static Map<String, Double> read(List<Reply.Numbers> pages) {
		try {
			return Totals.read(pages.stream().map(Reply.Numbers::page).toList());
		}
		catch (IOException ex) {
			throw new PrimaryUnavailableException("The primary's answer cannot be read", ex);
		}
	}

	// Two generations may have given one name to two metrics
	private static void add(MetricSnapshots.Builder metrics, MetricSnapshot metric, Predicate<String> included) {
		String name = metric.getMetadata().getPrometheusName();
		if (included.test(name) && !metrics.containsMetricName(name)) {
			metrics.metricSnapshot(metric);
		}
	}

}
