package io.clusterboot.contract;

/**
 * When the application of a new generation is started once for the sake of an archive
 * that makes the starts of its workers faster.
 */
public enum ReloadTraining {

	/**
	 * Never.
	 */
	OFF,

	/**
	 * When the generation's first worker is ready. Workers that start later gain by it.
	 */
	BACKGROUND,

	/**
	 * Before the generation's first worker is forked. All workers gain by it.
	 */
	BEFORE

}
