package io.clusterboot.socket;

import io.clusterboot.ResponseCounts;

/**
 * A web server that accepts through an {@link AcceptGate}, as seen by whoever drains it.
 * All methods may be called from any thread.
 */
public interface GatedServer {

	/**
	 * Return how many connections are open.
	 * @return the number of open connections
	 */
	int connections();

	/**
	 * Return how many requests were answered since the server was started, and how. An
	 * asynchronous one counts when it is complete.
	 * @return the number of responses
	 */
	ResponseCounts responses();

	/**
	 * Return how many requests are being handled.
	 * @return the number of requests that have begun and are not answered yet
	 */
	int requestsInFlight();

	/**
	 * Make every further response carry {@code Connection: close} (HTTP/2: send GOAWAY).
	 * Closes no connection by itself.
	 */
	void endKeepAlive();

	/**
	 * Close connections on which no request is under way. Called repeatedly until the
	 * drain ends.
	 */
	void closeIdleConnections();

	/**
	 * Return how many connections a drain still has to wait for: all, less those that
	 * never end by themselves, such as WebSockets.
	 * @return the number of connections worth waiting for
	 */
	int drainingConnections();

}
