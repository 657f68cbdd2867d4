package io.clusterboot.code.training;

import java.time.Duration;

/**
 * Whether somebody waits for a training.
 */
public enum TrainingUrgency {

	/**
	 * Workers wait for it, so it is as important as their starts.
	 */
	AWAITED(Duration.ofMinutes(10)),

	/**
	 * Nobody waits, so it gets what nobody else wants of the machine.
	 */
	BACKGROUND(Duration.ofMinutes(30));

	private final Duration limit;

	TrainingUrgency(Duration limit) {
		this.limit = limit;
	}

	/**
	 * Return how long the training may take.
	 * @return the limit
	 */
	Duration limit() {
		return this.limit;
	}

}
