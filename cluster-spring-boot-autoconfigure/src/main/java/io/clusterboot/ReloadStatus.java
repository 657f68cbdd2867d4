package io.clusterboot;

/**
 * How far a reload has come.
 */
public enum ReloadStatus {

	/**
	 * Under way, or waiting for the one before it to end.
	 */
	RUNNING,

	/**
	 * Every slot has a worker of the new generation.
	 */
	SUCCEEDED,

	/**
	 * The new generation did not go live; every slot keeps the old one.
	 */
	FAILED

}
