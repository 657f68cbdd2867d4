package io.clusterboot.metrics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.DropCounts;
import io.clusterboot.IncidentCause;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Tally;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The cluster's own metrics.
 */
final class OwnMetrics {

	private static final String CAUSE = "cause";

	private static final String STATUS = "status";

	private static final String STATE = "state";

	private final List<MetricSnapshot> metrics = new ArrayList<>();

	private OwnMetrics() {
	}

	/**
	 * Create the metrics.
	 * @param cluster the cluster now
	 * @param tally what has happened in it
	 * @param ages how long ago each worker has told its numbers, by its id
	 * @param dropped how many series were left out
	 * @param drops reads what the kernel has dropped
	 * @return the metrics
	 */
	static List<MetricSnapshot> of(ClusterSnapshot cluster, Tally tally, Map<Integer, Duration> ages, long dropped,
			Supplier<@Nullable DropCounts> drops) {
		OwnMetrics own = new OwnMetrics();
		own.addCluster(cluster);
		PrimarySnapshot.Store store = cluster.primary().store();
		if (store != null) {
			own.addStore(store);
		}
		own.addTally(tally);
		own.addReports(cluster, ages, dropped);
		DropCounts counts = drops.get();
		if (counts != null) {
			own.addDrops(counts);
		}
		return own.metrics;
	}

	private void addCluster(ClusterSnapshot cluster) {
		GaugeSnapshot.Builder states = gauge("cluster_workers", "Workers by state");
		for (WorkerState state : WorkerState.values()) {
			long count = cluster.workers().stream().filter((worker) -> worker.state() == state).count();
			states.dataPoint(value(count, Labels.of(STATE, text(state))));
		}
		this.metrics.add(states.build());
		add("cluster_workers_target", "Workers that there should be", cluster.target());
		add("cluster_generation", "Generation that is live", cluster.generation());
	}

	private void addStore(PrimarySnapshot.Store store) {
		add("cluster_store_entries", "Entries that the primary keeps for the workers", store.entries());
		add("cluster_store_bytes", "Memory that they take", store.bytes());
		add("cluster_store_max_bytes", "Memory that they may take", store.maxBytes());
		this.metrics.add(counter("cluster_store_evictions", "Entries that had to make room")
			.dataPoint(count(store.evictions(), Labels.EMPTY))
			.build());
		this.metrics.add(counter("cluster_store_refusals", "Entries that there can be no room for")
			.dataPoint(count(store.refusals(), Labels.EMPTY))
			.build());
	}

	private void addTally(Tally tally) {
		CounterSnapshot.Builder restarts = counter("cluster_worker_restarts",
				"Workers that came to an end that nobody wanted, by cause");
		for (IncidentCause cause : IncidentCause.values()) {
			restarts.dataPoint(count(tally.restarts().getOrDefault(cause, 0L), Labels.of(CAUSE, text(cause))));
		}
		this.metrics.add(restarts.build());
		SummarySnapshot.Builder reloads = summary("cluster_reload_duration_seconds", "Reloads by how they ended");
		Arrays.stream(ReloadStatus.values())
			.filter((status) -> status != ReloadStatus.RUNNING)
			.forEach((status) -> reloads.dataPoint(
					times(tally.reloads().getOrDefault(status, Tally.Times.NONE), Labels.of(STATUS, text(status)))));
		this.metrics.add(reloads.build());
		this.metrics.add(summary("cluster_worker_start_duration_seconds", "Starts of workers, until they were ready")
			.dataPoint(times(tally.starts(), Labels.EMPTY))
			.build());
		this.metrics.add(counter("cluster_worker_drains", "Workers that were drained")
			.dataPoint(count(tally.drains(), Labels.EMPTY))
			.build());
		this.metrics.add(counter("cluster_worker_cut_requests", "Requests cut off at the end of a drain")
			.dataPoint(count(tally.cutRequests(), Labels.EMPTY))
			.build());
	}

	// Of two workers in a slot, as in a reload, that which was silent for longer
	private void addReports(ClusterSnapshot cluster, Map<Integer, Duration> ages, long dropped) {
		Map<Integer, Duration> slots = new TreeMap<>();
		for (WorkerSnapshot worker : cluster.workers()) {
			Duration age = ages.get(worker.id());
			if (age != null && worker.slot() >= 0) {
				slots.merge(worker.slot(), age, (one, other) -> (one.compareTo(other) > 0) ? one : other);
			}
		}
		if (!slots.isEmpty()) {
			GaugeSnapshot.Builder gauge = gauge("cluster_worker_report_age_seconds",
					"Time since a worker has told its metrics, which are shown as they were then");
			slots.forEach(
					(slot, age) -> gauge.dataPoint(value(seconds(age), Labels.of(Point.WORKER, String.valueOf(slot)))));
			this.metrics.add(gauge.build());
		}
		add("cluster_metrics_dropped_series", "Series of the application that there was no room for", dropped);
	}

	private void addDrops(DropCounts counts) {
		this.metrics.add(counter("cluster_kernel_listen_drops",
				"Connections that the kernel has dropped at a listening socket, of any process, since its boot")
			.dataPoint(count(counts.listenDrops(), Labels.EMPTY))
			.build());
		this.metrics.add(counter("cluster_kernel_listen_overflows", "Of these, the ones that found the queue full")
			.dataPoint(count(counts.listenOverflows(), Labels.EMPTY))
			.build());
	}

	private void add(String name, String help, double value) {
		this.metrics.add(gauge(name, help).dataPoint(value(value, Labels.EMPTY)).build());
	}

	private static GaugeSnapshot.Builder gauge(String name, String help) {
		return GaugeSnapshot.builder().name(name).help(help);
	}

	private static CounterSnapshot.Builder counter(String name, String help) {
		return CounterSnapshot.builder().name(name).help(help);
	}

	private static SummarySnapshot.Builder summary(String name, String help) {
		return SummarySnapshot.builder().name(name).help(help);
	}

	private static GaugeSnapshot.GaugeDataPointSnapshot value(double value, Labels labels) {
		return GaugeSnapshot.GaugeDataPointSnapshot.builder().value(value).labels(labels).build();
	}

	private static CounterSnapshot.CounterDataPointSnapshot count(double value, Labels labels) {
		return CounterSnapshot.CounterDataPointSnapshot.builder().value(value).labels(labels).build();
	}

	private static SummarySnapshot.SummaryDataPointSnapshot times(Tally.Times times, Labels labels) {
		return SummarySnapshot.SummaryDataPointSnapshot.builder()
			.count(times.count())
			.sum(seconds(times.sum()))
			.labels(labels)
			.build();
	}

	private static double seconds(Duration duration) {
		return duration.toNanos() / 1e9;
	}

	private static String text(Enum<?> constant) {
		return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
