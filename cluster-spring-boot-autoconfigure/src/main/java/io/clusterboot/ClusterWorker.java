package io.clusterboot;

/**
 * A worker of the cluster, seen from any worker. Its methods wait at most five seconds
 * for the primary's answer.
 */
public interface ClusterWorker {

	/**
	 * Return the worker's id.
	 * @return the id
	 */
	int id();

	/**
	 * Have the worker replaced without a gap: when its replacement is ready it answers
	 * what it has in its hands and ends, as on SIGTERM.
	 * @return whether there is such a worker
	 * @throws PrimaryUnavailableException if the primary does not answer in time or
	 * refuses because the cluster is stopping
	 */
	boolean disconnect();

	/**
	 * End the worker at once, with all that it has in its hands, by SIGKILL. It is
	 * replaced as after a crash, and its incident says who called.
	 * @return whether there is such a worker
	 * @throws PrimaryUnavailableException if the primary does not answer in time or
	 * refuses because the cluster is stopping
	 */
	boolean kill();

}
