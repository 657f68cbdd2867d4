package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.channel.RecentMetrics;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's heartbeats say.
 */
public final class Pulse {

	private @Nullable Instant heard;

	private WorkerMetrics metrics = WorkerMetrics.NONE;

	// Between the two, so that what is recent is between one and two windows long
	private Mark mark = Mark.NONE;

	private Mark earlier = Mark.NONE;

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
		if (!this.mark.isRecent(now)) {
			this.earlier = this.mark;
			this.mark = new Mark(now, metrics);
		}
	}

	/**
	 * Return how the worker has fared lately.
	 * @param worker its id
	 * @param now when this is asked
	 * @return what had changed in the last seconds when it was heard last
	 */
	public RecentMetrics recent(int worker, Instant now) {
		Mark since = (this.earlier.time() != null) ? this.earlier : this.mark;
		Duration window = (since.time() != null && this.heard != null) ? Duration.between(since.time(), this.heard)
				: Duration.ZERO;
		Duration age = (this.heard != null) ? Duration.between(this.heard, now) : Duration.ZERO;
		return new RecentMetrics(worker, window, age, this.metrics.responses().minus(since.metrics().responses()),
				this.metrics.requestTimes().minus(since.metrics().requestTimes()),
				this.metrics.cpuTime().minus(since.metrics().cpuTime()));
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

	/**
	 * A moment to compare with.
	 *
	 * @param time when
	 * @param metrics what the worker said then
	 */
	private record Mark(@Nullable Instant time, WorkerMetrics metrics) {

		private static final Duration WINDOW = Duration.ofSeconds(5);

		private static final Mark NONE = new Mark(null, WorkerMetrics.NONE);

		boolean isRecent(Instant now) {
			return this.time != null && Duration.between(this.time, now).compareTo(WINDOW) < 0;
		}

	}

}
