package io.clusterboot.supervisor.table;

/**
 * What the primary waits for, and at the deadline no longer does.
 */
public enum Awaited {

	/**
	 * To be ready; then it is asked why it is not.
	 */
	START,

	/**
	 * To say what its threads do, or to be ready; then it is killed.
	 */
	EXPLANATION,

	/**
	 * To be heard; then it is asked what its threads do.
	 */
	HEARTBEAT,

	/**
	 * To say what its threads do, or anything; then it gets SIGQUIT.
	 */
	THREAD_DUMP,

	/**
	 * To print what its threads do, or anything; then it is killed.
	 */
	LAST_WORDS,

	/**
	 * To end its requests, or by itself; then it gets SIGTERM.
	 */
	DRAIN,

	/**
	 * To have its application closed and end by itself; then it is killed.
	 */
	CLOSE,

	/**
	 * To end after SIGTERM; then it is killed.
	 */
	TERMINATION,

	/**
	 * To be gone after SIGKILL; then it is killed again.
	 */
	DEATH,

	/**
	 * To be gone after another SIGKILL; then the cluster goes on without it.
	 */
	SECOND_DEATH;

	boolean isSignOfLife() {
		return this == THREAD_DUMP || this == LAST_WORDS;
	}

	boolean isDeath() {
		return this == DEATH || this == SECOND_DEATH;
	}

}
