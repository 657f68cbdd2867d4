package io.clusterboot.contract;

/**
 * How new connections are spread over the slots that are served.
 */
public enum Balance {

	/**
	 * As the kernel likes: evenly, by a hash of addresses and ports.
	 */
	KERNEL,

	/**
	 * The less a worker has to do, the more it gets.
	 */
	LEAST_LOADED,

	/**
	 * By the client's address, so that a client always reaches the same slot.
	 */
	SOURCE_IP

}
