package io.clusterboot.contract;

/**
 * Where workers share messages, leadership, counters, locks and what is kept.
 */
public enum BusKind {

	/**
	 * In their primary, on one machine.
	 */
	PRIMARY,

	/**
	 * On Redis, on several machines.
	 */
	REDIS

}
