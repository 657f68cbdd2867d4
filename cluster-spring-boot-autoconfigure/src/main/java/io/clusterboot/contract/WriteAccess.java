package io.clusterboot.contract;

/**
 * Who may use the writing operations of the endpoint, and see what is not for everybody.
 */
public enum WriteAccess {

	/**
	 * Those who could have sent the primary a signal instead: processes on this host of
	 * the same user or root, without anybody in between.
	 */
	LOCAL,

	/**
	 * They, and whoever has been authenticated, as by Spring Security.
	 */
	LOCAL_OR_AUTHENTICATED,

	/**
	 * Everybody who reaches the port.
	 */
	UNRESTRICTED

}
