package io.clusterboot;

/**
 * Where a worker is in its life. The order is the order of a life.
 */
public enum WorkerState {

	/**
	 * The process was started.
	 */
	FORKED,

	/**
	 * Its channel to the primary works.
	 */
	ONLINE,

	/**
	 * Its web server was started; the gate is closed.
	 */
	LISTENING,

	/**
	 * It accepts connections although its application is not ready, because none is.
	 */
	OPEN,

	/**
	 * It is a spare whose application is ready; the gate is closed.
	 */
	WARM,

	/**
	 * It accepts connections.
	 */
	READY,

	/**
	 * It accepts no more connections while another worker of its slot is watched, and
	 * will again, at once, if that one is not trusted.
	 */
	PARKED,

	/**
	 * It accepts no more connections and finishes what it has.
	 */
	DRAINING,

	/**
	 * It ends without a drain that anybody asked for: it is being killed, or about to end
	 * by itself.
	 */
	ENDING,

	/**
	 * The process is gone.
	 */
	EXITED

}
