package io.clusterboot.contract;

import java.util.function.LongUnaryOperator;

import io.clusterboot.ClusterCounter;

/**
 * A counter, wherever its number is.
 *
 * @param name its name
 * @param addition adds to the number and returns what it is then
 */
public record NamedCounter(String name, LongUnaryOperator addition) implements ClusterCounter {

	// They take memory of the primary
	private static final int LONGEST = 100;

	public NamedCounter {
		if (!isAllowed(name)) {
			throw new IllegalArgumentException(
					"The name of a counter has 1 to %d characters, not %d".formatted(LONGEST, name.length()));
		}
	}

	/**
	 * Return whether a counter may have a name.
	 * @param name the name
	 * @return whether it is not empty and not too long
	 */
	public static boolean isAllowed(String name) {
		return !name.isEmpty() && name.length() <= LONGEST;
	}

	@Override
	public long addAndGet(long delta) {
		return this.addition.applyAsLong(delta);
	}

}
