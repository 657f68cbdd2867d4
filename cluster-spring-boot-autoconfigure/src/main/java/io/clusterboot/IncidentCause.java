package io.clusterboot;

/**
 * Why a worker came to an end that nobody wanted.
 */
public enum IncidentCause {

	/**
	 * Its process ended by itself, with any exit code.
	 */
	EXIT_CODE,

	/**
	 * A signal ended its process.
	 */
	SIGNAL,

	/**
	 * The JVM had no memory left.
	 */
	OUT_OF_MEMORY,

	/**
	 * The kernel killed its process because the machine or container had no memory left.
	 */
	KERNEL_OOM_KILL,

	/**
	 * The JVM crashed.
	 */
	CRASH,

	/**
	 * Threads wait for each other for ever.
	 */
	DEADLOCK,

	/**
	 * All request threads were busy and none of them got anything done for too long.
	 */
	STALL,

	/**
	 * The JVM did little else than collect garbage.
	 */
	GC_OVERHEAD,

	/**
	 * The application said that it is broken.
	 */
	BROKEN,

	/**
	 * A thread ended with an exception or error that nobody caught.
	 */
	UNCAUGHT,

	/**
	 * Nothing was heard from it for too long.
	 */
	HANG,

	/**
	 * It ended before it was ready or was not ready in time.
	 */
	START_FAILURE

}
