package io.clusterboot;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What an application may ask of the cluster it runs in. There is a bean of this type in
 * every worker and in nothing else. Every method may be called from any thread, asks the
 * primary and waits at most five seconds for its answer. Who changes something is in the
 * log of the primary: the thread and the method that called.
 */
public interface ClusterOperations {

	/**
	 * Return the cluster as the primary sees it.
	 * @return the cluster now
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	ClusterSnapshot snapshot();

	/**
	 * Ask for a reload. While one is under way, all requests together lead to one more.
	 * @param strategy how to replace the workers, or {@code null} for
	 * {@code cluster.reload.strategy}
	 * @return the reload that was begun or is now waiting
	 * @throws PrimaryUnavailableException if the primary does not answer in time or
	 * refuses because the cluster is stopping
	 */
	ReloadSnapshot reload(@Nullable ReloadStrategy strategy);

	/**
	 * Return the reloads that the primary remembers: the last 20 that ended, the one that
	 * runs and the one that waits, in the order of their ids.
	 * @return the reloads
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	List<ReloadSnapshot> reloads();

	/**
	 * End the reload that runs: slots that have the new generation are given back to the
	 * old one.
	 * @param id the id of the reload
	 * @return the reload, or {@code null} if it does not run
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	@Nullable ReloadSnapshot abort(int id);

	/**
	 * Ask for another number of workers. It lasts until the cluster ends or a reload
	 * brings a changed {@code cluster.workers}. While a reload runs, it waits.
	 * @param workers how many there should be, at least 1 and at most
	 * {@code cluster.max-workers}
	 * @return how many there will be
	 * @throws IllegalArgumentException if there cannot be so many
	 * @throws PrimaryUnavailableException if the primary does not answer in time or
	 * refuses because the cluster is stopping
	 */
	int scale(int workers);

	/**
	 * Return the last 20 ends of workers that nobody wanted, the oldest first, without
	 * what is long: thread dumps and output.
	 * @return the incidents
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	List<IncidentSnapshot> incidents();

	/**
	 * Return everything about one end of a worker that nobody wanted.
	 * @param id the id of the incident
	 * @return the incident, or {@code null} if the primary does not remember it
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	@Nullable IncidentSnapshot incident(int id);

	/**
	 * Ask for a graceful shutdown of the whole cluster, after which the primary exits
	 * with code 0.
	 * @throws PrimaryUnavailableException if the primary does not answer in time
	 */
	void shutdown();

}
