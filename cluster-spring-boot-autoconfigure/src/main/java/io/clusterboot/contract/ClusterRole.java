package io.clusterboot.contract;

/**
 * What a process is in a cluster.
 */
public enum ClusterRole {

	/**
	 * It supervises the workers and runs no application.
	 */
	PRIMARY,

	/**
	 * It runs the application for a primary.
	 */
	WORKER,

	/**
	 * It has no part in a cluster: a plain application.
	 */
	NONE

}
