package io.clusterboot.cli.drill;

import java.time.Duration;

/**
 * A request of the drill.
 *
 * @param path what was asked for
 * @param begun when, by {@link System#nanoTime()}
 * @param took how long it took, or has taken until now
 * @param result what became of it
 * @param detail the status, or what the connection said
 */
record Sample(String path, long begun, Duration took, Result result, String detail) {

	boolean isFailed() {
		return this.result == Result.ERROR || this.result == Result.BROKEN;
	}

	boolean isBegunBy(long time) {
		return this.begun - time <= 0;
	}

	long ended() {
		return this.begun + this.took.toNanos();
	}

	/**
	 * What became of a request.
	 */
	enum Result {

		/**
		 * Any answer that is no server error: it is not known what the application says
		 * to such a path.
		 */
		ANSWERED,

		/**
		 * A server error.
		 */
		ERROR,

		/**
		 * The connection broke, or nothing came for too long.
		 */
		BROKEN,

		/**
		 * Nobody listened.
		 */
		REFUSED,

		/**
		 * Nothing yet.
		 */
		PENDING

	}

}
