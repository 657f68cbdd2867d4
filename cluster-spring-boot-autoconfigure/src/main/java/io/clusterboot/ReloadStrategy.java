package io.clusterboot;

/**
 * How a reload replaces the workers.
 */
public enum ReloadStrategy {

	/**
	 * Slot by slot: the new worker is ready before the old one drains.
	 */
	ROLLING,

	/**
	 * All slots at the same time; switched together when every new worker is ready.
	 */
	PARALLEL

}
