package io.clusterboot.contract;

/**
 * What thrown by a thread and caught by nobody makes a worker be replaced.
 */
public enum UncaughtPolicy {

	/**
	 * Any {@link Error}.
	 */
	ERROR,

	/**
	 * Anything.
	 */
	ANY,

	/**
	 * Nothing.
	 */
	NONE

}
