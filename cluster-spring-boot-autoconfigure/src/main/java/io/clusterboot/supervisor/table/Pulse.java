package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's heartbeats say.
 */
public final class Pulse {

	private @Nullable Instant heard;

	private WorkerMetrics metrics = WorkerMetrics.NONE;

	// Requests in flight on average, the latest counting most
	private double load;

	/**
	 * Take a heartbeat.
	 * @param metrics what it says
	 * @param now when
	 */
	public void heard(WorkerMetrics metrics, Instant now) {
		Duration busy = metrics.requestTimes().total().minus(this.metrics.requestTimes().total());
		double seconds = (this.heard != null) ? Duration.between(this.heard, now).toMillis() / 1000.0 : 1;
		double average = busy.toMillis() / 1000.0 / Math.max(seconds, 0.1);
		this.load = (this.load + Math.max(metrics.requestsInFlight(), average)) / 2;
		this.metrics = metrics;
		this.heard = now;
	}

	public @Nullable Instant heard() {
		return this.heard;
	}

	public WorkerMetrics metrics() {
		return this.metrics;
	}

	public double load() {
		return this.load;
	}

	public ResponseCounts responses() {
		return this.metrics.responses();
	}

}
