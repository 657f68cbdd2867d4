package io.clusterboot.numbers;

/**
 * What a number is of.
 *
 * @param merge what it is together with those of other workers
 * @param key what it is called; only workers understand it
 */
public record Series(Merge merge, String key) {

	/**
	 * How many characters a key may have.
	 */
	public static final int LONGEST_KEY = 8 * 1024;

	// Of what is beside the key in the maps of the primary
	private static final int OVERHEAD = 160;

	/**
	 * Return what it takes of the memory for series.
	 * @return a number of bytes
	 */
	int size() {
		return OVERHEAD + 2 * this.key.length();
	}

}
