package io.clusterboot;

/**
 * A number that all workers of a cluster share. Each method asks the primary, which does
 * one after the other, and waits at most five seconds for its answer. May be used by any
 * thread.
 */
public interface ClusterCounter {

	/**
	 * Return the counter's name.
	 * @return the name
	 */
	String name();

	/**
	 * Add to the number. What is too large or too small wraps around.
	 * @param delta what to add, may be negative
	 * @return the number now
	 * @throws PrimaryUnavailableException if the primary does not answer in time, in
	 * which case it may have added or not; or refuses because there are too many counters
	 */
	long addAndGet(long delta);

	/**
	 * Add to the number.
	 * @param delta what to add, may be negative
	 * @throws PrimaryUnavailableException as {@link #addAndGet}
	 */
	default void add(long delta) {
		addAndGet(delta);
	}

	/**
	 * Return the number.
	 * @return the number now, 0 if nothing was ever added
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	default long get() {
		return addAndGet(0);
	}

}
