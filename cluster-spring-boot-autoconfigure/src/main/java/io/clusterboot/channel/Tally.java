package io.clusterboot.channel;

import java.time.Duration;
import java.util.Map;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStatus;

/**
 * What has happened in the cluster since it was started.
 *
 * @param restarts how many workers came to an end that nobody wanted, by cause
 * @param reloads the reloads that have ended, by how they did
 * @param starts the starts of workers that became ready
 * @param drains how many workers were drained
 * @param cutRequests how many requests were cut off at the end of a drain
 */
public record Tally(Map<IncidentCause, Long> restarts, Map<ReloadStatus, Times> reloads, Times starts, long drains,
		long cutRequests) {

	/**
	 * Nothing has happened.
	 */
	public static final Tally NONE = new Tally(Map.of(), Map.of(), Times.NONE, 0, 0);

	public Tally {
		restarts = Map.copyOf(restarts);
		reloads = Map.copyOf(reloads);
	}

	/**
	 * How often something happened.
	 *
	 * @param count how often
	 * @param sum how long it took, all together
	 */
	public record Times(long count, Duration sum) {

		/**
		 * It has never happened.
		 */
		public static final Times NONE = new Times(0, Duration.ZERO);

		/**
		 * It has happened again.
		 * @param duration how long it took
		 * @return the times with that
		 */
		public Times plus(Duration duration) {
			return new Times(this.count + 1, this.sum.plus(duration));
		}

	}

}
