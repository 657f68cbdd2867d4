package io.clusterboot.numbers;

/**
 * What the numbers of several workers are together.
 */
public enum Merge {

	/**
	 * Their sum, and what the workers that are gone had counted. It never gets less.
	 */
	TOTAL,

	/**
	 * Their sum.
	 */
	SUM,

	/**
	 * The largest.
	 */
	MAX,

	/**
	 * The smallest.
	 */
	MIN,

	/**
	 * That of the youngest worker that is heard of.
	 */
	LAST

}
