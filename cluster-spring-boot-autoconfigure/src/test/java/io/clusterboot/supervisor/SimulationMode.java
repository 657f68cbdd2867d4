package io.clusterboot.supervisor;

/**
 * What may go wrong in a {@link SimulatedCluster}.
 */
enum SimulationMode {

	/**
	 * Workers fail at every point of their lives and in every way.
	 */
	ANYTHING,

	/**
	 * Every worker starts and stays until it is replaced; some want to be, some ignore
	 * what they are asked.
	 */
	NO_CRASHES,

	/**
	 * What a reload brings usually does not work; nothing else fails.
	 */
	BROKEN_GENERATION

}
