package io.clusterboot;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A histogram of how long requests took.
 *
 * @param total all times together
 * @param counts how many requests took at most the bound with the same index in
 * {@link #BOUNDS_MILLIS} and longer than the one before; the last, for which there is no
 * bound, took longer than all of them
 */
public record RequestTimes(Duration total, List<Long> counts) {

	/**
	 * The upper bounds, in milliseconds.
	 */
	public static final List<Long> BOUNDS_MILLIS = List.of(1L, 2L, 5L, 10L, 20L, 50L, 100L, 200L, 500L, 1000L, 2000L,
			5000L, 10_000L, 20_000L, 60_000L);

	private static final long[] BOUNDS_NANOS = BOUNDS_MILLIS.stream()
		.mapToLong(TimeUnit.MILLISECONDS::toNanos)
		.toArray();

	/**
	 * No request at all.
	 */
	public static final RequestTimes NONE = new RequestTimes(Duration.ZERO,
			Collections.nCopies(BOUNDS_MILLIS.size() + 1, 0L));

	public RequestTimes {
		if (counts.size() != BOUNDS_MILLIS.size() + 1) {
			throw new IllegalArgumentException(
					"%d counts for %d bounds".formatted(counts.size(), BOUNDS_MILLIS.size()));
		}
		counts = List.copyOf(counts);
	}

	/**
	 * Return the index of the count that a request belongs to.
	 * @param nanos how long it took, in nanoseconds
	 * @return the index in {@link #counts()}
	 */
	public static int index(long nanos) {
		int index = 0;
		while (index < BOUNDS_NANOS.length && nanos > BOUNDS_NANOS[index]) {
			index++;
		}
		return index;
	}

	/**
	 * Return how many requests there were.
	 * @return the number of requests
	 */
	public long count() {
		return this.counts.stream().mapToLong(Long::longValue).sum();
	}

	/**
	 * Return these and others together.
	 * @param other the others
	 * @return the sum
	 */
	public RequestTimes plus(RequestTimes other) {
		return new RequestTimes(this.total.plus(other.total),
				IntStream.range(0, this.counts.size())
					.mapToObj((i) -> this.counts.get(i) + other.counts.get(i))
					.toList());
	}

	/**
	 * Return what came after an earlier histogram.
	 * @param earlier the earlier histogram
	 * @return the difference
	 */
	public RequestTimes minus(RequestTimes earlier) {
		return new RequestTimes(this.total.minus(earlier.total),
				IntStream.range(0, this.counts.size())
					.mapToObj((i) -> this.counts.get(i) - earlier.counts.get(i))
					.toList());
	}

	/**
	 * Return how long a request took on average.
	 * @return the mean, or zero if there was no request
	 */
	public Duration mean() {
		long count = count();
		return (count > 0) ? this.total.dividedBy(count) : Duration.ZERO;
	}

	/**
	 * Return an estimate of how long the given share of requests took at most: the upper
	 * bound of the bucket in which the slowest of them is. That is never too little,
	 * except for requests that took longer than the last bound, which is returned then.
	 * @param share the share, for example 0.99
	 * @return the estimate, or zero if there was no request
	 */
	public Duration percentile(double share) {
		if (!(share >= 0 && share <= 1)) {
			throw new IllegalArgumentException("A share is from 0 to 1, not " + share);
		}
		long rank = Math.max(1, (long) Math.ceil(share * count()));
		long seen = 0;
		for (int i = 0; i < this.counts.size(); i++) {
			seen += this.counts.get(i);
			if (seen >= rank) {
				return Duration.ofMillis(BOUNDS_MILLIS.get(Math.min(i, BOUNDS_MILLIS.size() - 1)));
			}
		}
		return Duration.ZERO;
	}

}
