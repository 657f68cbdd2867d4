package io.clusterboot.contract;

/**
 * Where sessions of Spring Session are kept.
 */
public enum SessionHome {

	/**
	 * In the store of the cluster, where nothing else was configured. That is in the
	 * primary, or on Redis if workers share there.
	 */
	PRIMARY,

	/**
	 * Wherever else: it is none of the cluster's business.
	 */
	NONE

}
