package io.clusterboot.contract;

/**
 * When an application is started once for the sake of an archive that makes the starts of
 * workers faster.
 */
public enum ReloadTraining {

	/**
	 * Never.
	 */
	OFF,

	/**
	 * When the cluster is up and nothing goes on. Workers that start later gain by it.
	 */
	BACKGROUND,

	/**
	 * Before the generation's first worker is forked. All workers gain by it.
	 */
	BEFORE

}
