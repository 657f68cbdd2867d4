package io.clusterboot.supervisor.table;

import org.jspecify.annotations.Nullable;

/**
 * Why a worker ends.
 */
public final class Ending {

	private @Nullable String reason;

	private @Nullable String startFailure;

	/**
	 * Return why the primary ends it.
	 * @return the reason, or {@code null} if the primary does not
	 */
	public @Nullable String reason() {
		return this.reason;
	}

	void because(String reason) {
		if (this.reason == null) {
			this.reason = reason;
		}
	}

	/**
	 * Its application does not start.
	 * @param reason what it said about that
	 */
	public void startFailed(String reason) {
		this.startFailure = reason;
	}

	/**
	 * Return what is known about it besides how its process ended.
	 * @return why the primary ends it, else why its application did not start, or
	 * {@code null}
	 */
	@Nullable String said() {
		return (this.reason != null) ? this.reason : this.startFailure;
	}

	/**
	 * Return how it ended, and why if it said so.
	 * @param exit how its process ended
	 * @return both in words
	 */
	public String describe(String exit) {
		return (this.startFailure != null) ? "%s: %s".formatted(exit, this.startFailure) : exit;
	}

}
