package io.clusterboot.configdata;

/**
 * What was found at a place.
 */
enum KeptKind {

	/**
	 * Nothing.
	 */
	MISSING,

	/**
	 * A file, of which there is a copy.
	 */
	FILE,

	/**
	 * A directory.
	 */
	DIRECTORY

}
