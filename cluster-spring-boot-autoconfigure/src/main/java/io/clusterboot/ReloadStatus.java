package io.clusterboot;

/**
 * How far a reload has come, and in the end its outcome.
 */
public enum ReloadStatus {

	/**
	 * Under way, on its way back, or waiting for the one before it to end.
	 */
	RUNNING,

	/**
	 * Every slot has a worker of the new generation.
	 */
	SUCCEEDED,

	/**
	 * The new generation did not go live in any slot.
	 */
	FAILED,

	/**
	 * The new generation was live in some slots, which were given back to the old one.
	 */
	ROLLED_BACK,

	/**
	 * Somebody ended it, and every slot has the old generation.
	 */
	ABORTED

}
