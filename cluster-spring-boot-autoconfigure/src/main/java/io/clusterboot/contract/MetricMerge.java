package io.clusterboot.contract;

/**
 * What becomes of a metric that several workers have.
 */
public enum MetricMerge {

	/**
	 * One number, the sum. Of what only grows also that of workers that are gone.
	 */
	SUM,

	/**
	 * One number, the largest.
	 */
	MAX,

	/**
	 * One number, the smallest.
	 */
	MIN,

	/**
	 * One number, that of the youngest worker.
	 */
	LAST,

	/**
	 * A number of each slot.
	 */
	WORKER,

	/**
	 * Nothing: it is not told.
	 */
	OMIT

}
