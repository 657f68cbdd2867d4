package io.clusterboot;

/**
 * How many responses there were, by the class of their status.
 *
 * @param informational 1xx
 * @param successful 2xx
 * @param redirections 3xx
 * @param clientErrors 4xx
 * @param serverErrors 5xx
 */
public record ResponseCounts(long informational, long successful, long redirections, long clientErrors,
		long serverErrors) {

	/**
	 * No response at all.
	 */
	public static final ResponseCounts NONE = new ResponseCounts(0, 0, 0, 0, 0);

	/**
	 * Return how many there were of all classes together.
	 * @return the number of responses
	 */
	public long total() {
		return this.informational + this.successful + this.redirections + this.clientErrors + this.serverErrors;
	}

	/**
	 * Return the share of server errors.
	 * @return the share from 0 to 1; 0 if there was no response
	 */
	public double errorShare() {
		long total = total();
		return (total != 0) ? (double) this.serverErrors / total : 0;
	}

	/**
	 * Return these and others together.
	 * @param other the others
	 * @return the sum
	 */
	public ResponseCounts plus(ResponseCounts other) {
		return new ResponseCounts(this.informational + other.informational, this.successful + other.successful,
				this.redirections + other.redirections, this.clientErrors + other.clientErrors,
				this.serverErrors + other.serverErrors);
	}

	/**
	 * Return what came after an earlier count.
	 * @param earlier the earlier count
	 * @return the difference
	 */
	public ResponseCounts minus(ResponseCounts earlier) {
		return new ResponseCounts(this.informational - earlier.informational, this.successful - earlier.successful,
				this.redirections - earlier.redirections, this.clientErrors - earlier.clientErrors,
				this.serverErrors - earlier.serverErrors);
	}

}
