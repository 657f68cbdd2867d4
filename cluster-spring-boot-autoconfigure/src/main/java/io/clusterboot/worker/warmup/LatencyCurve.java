package io.clusterboot.worker.warmup;

import java.time.Duration;

/**
 * How the latency of requests that are sent again and again has fallen so far. Rounds are
 * compared by their mean: in each every request is sent about as often as in the others,
 * and whatever else the machine does only makes a round look worse than it is. So it is
 * flat when for a while no round was clearly better than the best before.
 * <p>
 * Rounds are as long as the compilers of the JVM may take to do something about what has
 * become hot. Not for several threads at once.
 */
final class LatencyCurve {

	static final Duration ROUND = Duration.ofMillis(500);

	// Rounds in a row
	static final int FLAT = 3;

	private static final double CLEARLY_BETTER = 0.9;

	private final int leastRequests;

	private long begin;

	private long sum;

	private int count;

	private long last;

	private double best = Double.POSITIVE_INFINITY;

	private int noBetter;

	/**
	 * Create a curve.
	 * @param leastRequests how many requests a round has at least, so that each is in it
	 * @param now the time in nanoseconds
	 */
	LatencyCurve(int leastRequests, long now) {
		this.leastRequests = leastRequests;
		this.begin = now;
	}

	/**
	 * Add a request that was answered.
	 * @param nanos how long that took
	 * @param now the time in nanoseconds
	 */
	void add(long nanos, long now) {
		this.sum += nanos;
		this.count++;
		if (this.count >= this.leastRequests && now - this.begin >= ROUND.toNanos()) {
			end(now);
		}
	}

	private void end(long now) {
		this.last = this.sum / this.count;
		if (this.last < this.best * CLEARLY_BETTER) {
			this.best = this.last;
			this.noBetter = 0;
		}
		else {
			this.noBetter++;
		}
		this.sum = 0;
		this.count = 0;
		this.begin = now;
	}

	boolean isFlat() {
		return this.noBetter >= FLAT;
	}

	/**
	 * Return the mean latency of the last round.
	 * @return nanoseconds; of the first round so far if that has not ended
	 */
	long last() {
		return (this.last == 0 && this.count > 0) ? this.sum / this.count : this.last;
	}

}
