package io.clusterboot.contract;

/**
 * Caches of which all workers evict what one evicts.
 */
public enum CacheEvictions {

	/**
	 * None: each worker's caches are its own.
	 */
	NONE,

	/**
	 * All that are in the memory of a worker.
	 */
	ALL

}
