package io.clusterboot.actuate;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.RequestTimes;
import org.jspecify.annotations.Nullable;

/**
 * How long requests took, as the endpoint shows it, in milliseconds.
 *
 * @param mean the mean
 * @param p50 what half of the requests did not exceed
 * @param p95 what 95 % of the requests did not exceed
 * @param p99 what 99 % of the requests did not exceed
 * @param buckets how many took how long, each with all that were faster
 */
@JsonPropertyOrder({ "mean", "p50", "p95", "p99", "buckets" })
public record RequestTimesDescriptor(@JsonProperty("mean") double mean, @JsonProperty("p50") long p50,
		@JsonProperty("p95") long p95, @JsonProperty("p99") long p99, @JsonProperty("buckets") List<Bucket> buckets) {

	private static final double NANOS_PER_TENTH = 100_000;

	static RequestTimesDescriptor of(RequestTimes times) {
		double mean = Math.round(times.mean().toNanos() / NANOS_PER_TENTH) / 10.0;
		return new RequestTimesDescriptor(mean, millis(times, 0.5), millis(times, 0.95), millis(times, 0.99),
				buckets(times));
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
	@JsonPropertyOrder({ "le", "count" })
	public record Bucket(@JsonProperty("le") @Nullable Long bound, @JsonProperty("count") long count) {

	}

}
