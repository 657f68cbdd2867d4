package io.clusterboot;

/**
 * What the cluster as a whole is doing.
 */
public enum ClusterState {

	/**
	 * No worker has been ready yet.
	 */
	STARTING,

	/**
	 * Serving.
	 */
	RUNNING,

	/**
	 * Serving, with a reload under way.
	 */
	RELOADING,

	/**
	 * Shutting down.
	 */
	STOPPING

}
