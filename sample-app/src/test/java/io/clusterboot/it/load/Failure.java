package io.clusterboot.it.load;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.Locale;

/**
 * How a request can fail.
 */
public enum Failure {

	/**
	 * Nobody listens.
	 */
	REFUSED,

	/**
	 * Not connected within the deadline.
	 */
	CONNECT_TIMEOUT,

	/**
	 * The connection was reset before the exchange was over, in the middle of the answer
	 * or where the server should have closed it.
	 */
	RESET,

	/**
	 * The connection was closed before the answer was complete.
	 */
	CLOSED,

	/**
	 * A complete answer with a status other than 2xx.
	 */
	STATUS,

	/**
	 * What came is not HTTP.
	 */
	GARBLED,

	/**
	 * More or other bytes than {@code Content-Length} or the chunks announce. Fewer are
	 * {@link #CLOSED} or {@link #HUNG}.
	 */
	LENGTH,

	/**
	 * Connected, but the exchange was not over within the deadline.
	 */
	HUNG,

	/**
	 * The client's own trouble, of which the server knows nothing: no port or no
	 * descriptor is left.
	 */
	CLIENT;

	static Failure of(IOException ex) {
		if (ex instanceof FailedRequest failed) {
			return failed.kind();
		}
		// EADDRNOTAVAIL, as every port is in use or in TIME_WAIT
		if (ex instanceof BindException) {
			return CLIENT;
		}
		if (ex instanceof ConnectException) {
			return String.valueOf(ex.getMessage()).contains("timed out") ? CONNECT_TIMEOUT : REFUSED;
		}
		return RESET;
	}

	/**
	 * Return what a report calls it.
	 * @return the name
	 */
	public String text() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

}
