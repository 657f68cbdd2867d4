package io.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;

import io.clusterboot.gate.AcceptGate;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Opens the worker's gate while the primary allows it and the application's readiness
 * asks for it, or while the primary wants it open anyway, until the worker drains.
 */
final class WorkerGate {

	private static final Log logger = LogFactory.getLog(WorkerGate.class);

	// Longer than most handshakes that were begun before take to end
	static final Duration QUIET = Duration.ofMillis(300);

	static final Duration LIMIT = Duration.ofSeconds(2);

	private final AcceptGate gate;

	private boolean permitted;

	private boolean accepting;

	private boolean failOpen;

	private boolean wasReady;

	private boolean mayHaveServed;

	private boolean ended;

	private boolean orphaned;

	WorkerGate(AcceptGate gate) {
		this.gate = gate;
	}

	synchronized void permit() {
		this.permitted = true;
		update();
	}

	/**
	 * Close the gate until it is {@linkplain #permit permitted} again.
	 */
	synchronized void forbid() {
		this.permitted = false;
		update();
	}

	/**
	 * Open whether or not the application is ready.
	 * @param failOpen whether to, or to follow its readiness again
	 */
	synchronized void failOpen(boolean failOpen) {
		this.failOpen = failOpen;
		this.mayHaveServed |= failOpen;
		update();
	}

	/**
	 * Follow the application's readiness.
	 * @param accepting whether it accepts traffic
	 * @return whether there can be any: not after the {@linkplain #end end}
	 */
	synchronized boolean accepting(boolean accepting) {
		this.accepting = accepting;
		this.wasReady |= accepting;
		this.mayHaveServed |= accepting;
		update();
		return accepting && !this.ended;
	}

	/**
	 * Return whether the application has ever been ready.
	 * @return whether it has, even if it refuses traffic now
	 */
	synchronized boolean wasReady() {
		return this.wasReady;
	}

	/**
	 * Return whether there may be something to drain. An application that refuses traffic
	 * for the time being can have requests in flight all the same.
	 * @return whether the application was ever ready, or the gate open without that
	 */
	synchronized boolean mayHaveServed() {
		return this.mayHaveServed;
	}

	/**
	 * Close the gate for good.
	 * @param last whether nobody takes over the queue, so that what waits in it is
	 * accepted first
	 */
	void end(boolean last) {
		if (last) {
			this.gate.awaitQuiet(QUIET, LIMIT);
		}
		synchronized (this) {
			this.ended = true;
			update();
			letGo();
		}
	}

	/**
	 * Nobody else holds the listening sockets any more but workers who do not accept from
	 * them for long. They are closed as soon as the gate has come to its {@linkplain #end
	 * end}, so that the port is free.
	 */
	synchronized void orphan() {
		this.orphaned = true;
		letGo();
	}

	private void letGo() {
		if (this.ended && this.orphaned) {
			try {
				this.gate.closeSockets();
			}
			catch (IOException ex) {
				logger.warn("A listening socket cannot be closed", ex);
			}
		}
	}

	private void update() {
		if ((this.failOpen || (this.permitted && this.accepting)) && !this.ended) {
			this.gate.open();
		}
		else {
			this.gate.close();
		}
	}

}
