package io.clusterboot.actuate;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import org.jspecify.annotations.Nullable;

/**
 * How a worker fares, as the endpoint shows it.
 *
 * @param connections open connections
 * @param requests requests answered since it was started
 * @param responses the same by the class of the response's status
 * @param requestsInFlight requests that are being handled
 * @param threads live threads
 * @param openFiles open file descriptors
 * @param heap its heap
 * @param memory the memory of the process, in bytes
 * @param cpu the processor time of the process, in milliseconds
 * @param gc the time that garbage collections have stopped it, in milliseconds
 * @param requestTimes how long requests took
 */
public record MetricsDescriptor(int connections, long requests, Responses responses, int requestsInFlight, int threads,
		long openFiles, Heap heap, long memory, long cpu, long gc, Times requestTimes) {

	static MetricsDescriptor of(WorkerMetrics metrics) {
		return new MetricsDescriptor(metrics.connections(), metrics.responses().total(),
				Responses.of(metrics.responses()), metrics.requestsInFlight(), metrics.threads(), metrics.openFiles(),
				new Heap(metrics.heapUsed(), metrics.heapAfterGc()), metrics.residentSet(),
				metrics.cpuTime().toMillis(), metrics.gcTime().toMillis(), Times.of(metrics.requestTimes()));
	}

	/**
	 * A worker's heap as the endpoint shows it.
	 *
	 * @param used bytes in use
	 * @param afterGc bytes that were in use after the last garbage collection, or 0
	 */
	public record Heap(long used, long afterGc) {

	}

	/**
	 * How many responses there were, by the class of their status, as the endpoint shows
	 * it.
	 *
	 * @param informational 1xx
	 * @param successful 2xx
	 * @param redirections 3xx
	 * @param clientErrors 4xx
	 * @param serverErrors 5xx
	 */
	@JsonInclude
	public record Responses(@JsonProperty("1xx") long informational, @JsonProperty("2xx") long successful,
			@JsonProperty("3xx") long redirections, @JsonProperty("4xx") long clientErrors,
			@JsonProperty("5xx") long serverErrors) {

		static Responses of(ResponseCounts responses) {
			return new Responses(responses.informational(), responses.successful(), responses.redirections(),
					responses.clientErrors(), responses.serverErrors());
		}

	}

	/**
	 * How long requests took, as the endpoint shows it, in milliseconds.
	 *
	 * @param mean the mean
	 * @param p50 what half of the requests did not exceed
	 * @param p95 what 95 % of the requests did not exceed
	 * @param p99 what 99 % of the requests did not exceed
	 * @param buckets how many took how long, each with all that were faster
	 */
	public record Times(double mean, long p50, long p95, long p99, List<Bucket> buckets) {

		private static final double NANOS_PER_TENTH = 100_000;

		static Times of(RequestTimes times) {
			double mean = Math.round(times.mean().toNanos() / NANOS_PER_TENTH) / 10.0;
			return new Times(mean, millis(times, 0.5), millis(times, 0.95), millis(times, 0.99), buckets(times));
		}

		private static long millis(RequestTimes times, double share) {
			return times.percentile(share).toMillis();
		}

		private static List<Bucket> buckets(RequestTimes times) {
			List<Bucket> buckets = new ArrayList<>();
			long count = 0;
			for (int i = 0; i < RequestTimes.BOUNDS_MILLIS.size(); i++) {
				count += times.counts().get(i);
				buckets.add(new Bucket(RequestTimes.BOUNDS_MILLIS.get(i), count));
			}
			buckets.add(new Bucket(null, times.count()));
			return buckets;
		}

		/**
		 * The requests that took at most so long.
		 *
		 * @param bound how long at most, or {@code null} for all
		 * @param count how many there were
		 */
		@JsonInclude
		public record Bucket(@JsonProperty("le") @Nullable Long bound, long count) {

		}

	}

}
