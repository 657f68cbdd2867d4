package io.clusterboot.contract;

/**
 * What the name of a counter may be, which takes memory of the primary.
 */
public final class CounterName {

	private static final int LONGEST = 100;

	private CounterName() {
	}

	/**
	 * Return whether a counter may have a name.
	 * @param name the name
	 * @return whether it is not empty and not too long
	 */
	public static boolean isAllowed(String name) {
		return !name.isEmpty() && name.length() <= LONGEST;
	}

	/**
	 * Return a name if it is allowed.
	 * @param name the name
	 * @return the name
	 * @throws IllegalArgumentException if it is not
	 */
	public static String require(String name) {
		if (!isAllowed(name)) {
			throw new IllegalArgumentException(
					"The name of a counter has 1 to %d characters, not %d".formatted(LONGEST, name.length()));
		}
		return name;
	}

}
