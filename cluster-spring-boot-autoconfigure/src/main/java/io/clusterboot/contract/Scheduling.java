package io.clusterboot.contract;

/**
 * Where methods that are scheduled run.
 */
public enum Scheduling {

	/**
	 * In each worker.
	 */
	EACH,

	/**
	 * In the worker that leads.
	 */
	LEADER

}
