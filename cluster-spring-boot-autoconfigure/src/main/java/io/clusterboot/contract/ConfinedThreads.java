package io.clusterboot.contract;

/**
 * Which threads of a worker leave processor time to those that serve.
 */
public enum ConfinedThreads {

	/**
	 * All: it starts.
	 */
	ALL,

	/**
	 * Those that compile, which have most to do when it begins to serve.
	 */
	COMPILERS,

	/**
	 * None.
	 */
	NONE

}
