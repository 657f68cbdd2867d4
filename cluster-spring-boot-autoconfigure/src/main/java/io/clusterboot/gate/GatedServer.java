package io.clusterboot.gate;

import java.util.function.Consumer;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;

/**
 * A web server that accepts through an {@link AcceptGate}, as seen by whoever drains it.
 * All methods may be called from any thread.
 */
public interface GatedServer {

	/**
	 * Leave what comes through a {@link SideDoor} out of everything that is counted and
	 * waited for, and its connections alone.
	 * @param port the port of the door
	 */
	void sideDoor(int port);

	/**
	 * Tell what is asked for: the path, with its query, of each GET request that was
	 * answered 2xx and had neither {@code Authorization} nor {@code Cookie}.
	 * @param learn is told, by whatever thread has answered
	 */
	void learn(Consumer<String> learn);

	/**
	 * Return whether the server speaks TLS.
	 * @return whether it does
	 */
	boolean isSecure();

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
	 * Return how long the requests took that were answered since the server was started.
	 * @return the times of all {@link #responses()}
	 */
	RequestTimes requestTimes();

	/**
	 * Return whether every thread that handles requests is busy.
	 * @return whether all are busy; {@code false} if there is no limit to their number,
	 * as with virtual threads
	 */
	boolean isPoolFull();

	/**
	 * Return how often a thread that handles requests has got something done. That is not
	 * the number of requests: a message of a WebSocket counts as well, and a request that
	 * is handled in several steps more than once.
	 * @return the number of finished tasks, 0 if it is not known
	 */
	long finishedTasks();

	/**
	 * Return when a thread that handles requests has last moved bytes of one, either way.
	 * @return a number that grows whenever that happens, as milliseconds do
	 */
	long lastTransfer();

	/**
	 * Make every further response carry {@code Connection: close} (HTTP/2: send GOAWAY).
	 * Closes no connection by itself.
	 */
	void endKeepAlive();

	/**
	 * Keep connections alive again as before {@link #endKeepAlive}. Those that were told
	 * to go still do.
	 */
	void resumeKeepAlive();

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

	/**
	 * Return how many of the {@link #drainingConnections()} have an asynchronous request
	 * that no thread works on at the moment: a stream of events, a long poll.
	 * @return the number of connections on which somebody else has to go on
	 */
	int waitingConnections();

}
