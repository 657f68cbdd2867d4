package io.clusterboot.worker.warmup;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How the latency of requests that are sent again and again has fallen so far. Rounds are
 * compared by their mean: in each every request is sent about as often as in the others,
 * and whatever else the machine does only makes a round look worse than it is. So it is
 * flat when for a while no round was clearly better than the best before, and in none of
 * them the compilers of the JVM had much to do: where all processors are busy, rounds are
 * no better only because the compilers get nowhere.
 * <p>
 * Rounds are as long as the compilers may take to do something about what has become hot.
 * Not for several threads at once.
 */
final class LatencyCurve {

	static final Duration ROUND = Duration.ofMillis(500);

	// Rounds in a row
	static final int FLAT = 3;

	private static final double CLEARLY_BETTER = 0.9;

	// Of the time of a round, for all compilers together
	private static final double MUCH_TO_COMPILE = 0.25;

	private final int leastRequests;

	private final LongSupplier compilationTime;

	private long begin;

	private long compiled;

	private long sum;

	private int count;

	private long last;

	private double best = Double.POSITIVE_INFINITY;

	private int noBetter;

	/**
	 * Create a curve.
	 * @param leastRequests how many requests a round has at least, so that each is in it
	 * @param compilationTime how long compilers have worked since some time, in
	 * nanoseconds, those that work at the same time added up
	 * @param now the time in nanoseconds
	 */
	LatencyCurve(int leastRequests, LongSupplier compilationTime, long now) {
		this.leastRequests = leastRequests;
		this.compilationTime = compilationTime;
		this.begin = now;
		this.compiled = compilationTime.getAsLong();
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
		long compiled = this.compilationTime.getAsLong();
		boolean compiles = compiled - this.compiled > (now - this.begin) * MUCH_TO_COMPILE;
		boolean better = this.last < this.best * CLEARLY_BETTER;
		this.noBetter = (better || compiles) ? 0 : this.noBetter + 1;
		this.best = (better) ? this.last : this.best;
		this.compiled = compiled;
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
