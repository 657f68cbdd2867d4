package io.clusterboot.contract;

/**
 * The name of something that all workers share. It takes memory of the primary.
 */
public final class SharedName {

	private static final int LONGEST = 100;

	private SharedName() {
	}

	/**
	 * Return whether something may have a name.
	 * @param name the name
	 * @return whether it is not empty and not too long
	 */
	public static boolean isAllowed(String name) {
		return !name.isEmpty() && name.length() <= LONGEST;
	}

	/**
	 * Refuse a name that is not allowed.
	 * @param what what it is the name of
	 * @param name the name
	 * @throws IllegalArgumentException if it is empty or too long
	 */
	public static void require(String what, String name) {
		if (!isAllowed(name)) {
			throw new IllegalArgumentException(
					"The name of a %s has 1 to %d characters, not %d".formatted(what, LONGEST, name.length()));
		}
	}

}
