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

	public NamedCounter {
		SharedName.require("counter", name);
	}

	@Override
	public long addAndGet(long delta) {
		return this.addition.applyAsLong(delta);
	}

}
