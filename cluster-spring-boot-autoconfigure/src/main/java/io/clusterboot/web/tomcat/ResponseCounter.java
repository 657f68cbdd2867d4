package io.clusterboot.web.tomcat;

import java.util.concurrent.atomic.LongAdder;

import io.clusterboot.ResponseCounts;

/**
 * Counts responses by the class of their status, from any thread.
 */
class ResponseCounter {

	private final LongAdder informational = new LongAdder();

	private final LongAdder successful = new LongAdder();

	private final LongAdder redirections = new LongAdder();

	private final LongAdder clientErrors = new LongAdder();

	private final LongAdder serverErrors = new LongAdder();

	/**
	 * Count a response. A status outside 100 to 599 counts as a server error, which is
	 * what clients are to take it for (RFC 9110, section 15).
	 * @param status its status
	 */
	void count(int status) {
		LongAdder counter = switch (status / 100) {
			case 1 -> this.informational;
			case 2 -> this.successful;
			case 3 -> this.redirections;
			case 4 -> this.clientErrors;
			default -> this.serverErrors;
		};
		counter.increment();
	}

	ResponseCounts counts() {
		return new ResponseCounts(this.informational.sum(), this.successful.sum(), this.redirections.sum(),
				this.clientErrors.sum(), this.serverErrors.sum());
	}

}
