package io.clusterboot.supervisor.table;

import io.clusterboot.IncidentCause;
import io.clusterboot.channel.Message;

/**
 * What a worker reports, apart from what differs each time.
 *
 * @param cause the kind of cause
 * @param gist the cause in words
 */
public record Report(IncidentCause cause, String gist) {

	public static Report of(Message.Unhealthy message) {
		return new Report(message.cause(), message.gist());
	}

	/**
	 * Return whether a worker serves in spite of it.
	 * @return whether it can be ignored
	 */
	public boolean isBearable() {
		return this.cause == IncidentCause.UNCAUGHT || this.cause == IncidentCause.DEADLOCK;
	}

	/**
	 * Return what a user can do about it.
	 * @return a sentence
	 */
	public String advice() {
		return switch (this.cause) {
			case UNCAUGHT -> "Remove the cause or, if it is harmless, set cluster.worker.replace-on-uncaught=none";
			case STALL -> "Remove the cause, raise cluster.worker.stall-timeout or set it to 0";
			default -> "Remove the cause and reload";
		};
	}

}
