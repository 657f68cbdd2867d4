package io.clusterboot.worker;

import java.time.Duration;

import io.clusterboot.socket.AcceptGate;

/**
 * Opens the worker's gate while the primary allows it, the application's readiness asks
 * for it and the worker does not drain.
 */
final class WorkerGate {

	// Longer than most handshakes that were begun before take to end
	static final Duration QUIET = Duration.ofMillis(300);

	static final Duration PATIENCE = Duration.ofSeconds(2);

	private final AcceptGate gate;

	private boolean permitted;

	private boolean accepting;

	private boolean wasReady;

	private boolean ended;

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
	 * Follow the application's readiness.
	 * @param accepting whether it accepts traffic
	 * @return whether there can be any: not after the {@linkplain #end end}
	 */
	synchronized boolean accepting(boolean accepting) {
		this.accepting = accepting;
		this.wasReady |= accepting;
		update();
		return accepting && !this.ended;
	}

	/**
	 * Return whether the application has ever been ready. One that refuses traffic for
	 * the time being can have requests in flight all the same.
	 * @return whether there may be something to drain
	 */
	synchronized boolean wasReady() {
		return this.wasReady;
	}

	/**
	 * Close the gate for good.
	 * @param last whether nobody takes over the queue, so that what waits in it is
	 * accepted first
	 */
	void end(boolean last) {
		if (last) {
			this.gate.awaitQuiet(QUIET, PATIENCE);
		}
		synchronized (this) {
			this.ended = true;
			update();
		}
	}

	private void update() {
		if (this.permitted && this.accepting && !this.ended) {
			this.gate.open();
		}
		else {
			this.gate.close();
		}
	}

}
