package io.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.clusterboot.gate.GatedServer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a worker out of service in a way that can be taken back at once: closes the gate
 * and asks kept-alive connections to go, as a drain does, but ends nothing.
 */
final class WorkerParking {

	private static final long PAUSE_NANOS = Duration.ofMillis(20).toNanos();

	private final WorkerGate gate;

	private final Supplier<@Nullable GatedServer> server;

	private volatile boolean parked;

	WorkerParking(WorkerGate gate, Supplier<@Nullable GatedServer> server) {
		this.gate = gate;
		this.server = server;
	}

	/**
	 * Close the gate. Does not wait for connections to go.
	 * @param grace how long idle kept-alive connections may make a last request
	 */
	void begin(Duration grace) {
		this.gate.forbid();
		this.parked = true;
		GatedServer server = this.server.get();
		if (server != null) {
			Thread thread = new Thread(() -> endConnections(server, grace), "cluster-park");
			thread.setDaemon(true);
			try {
				thread.start();
			}
			catch (OutOfMemoryError ex) {
				// No more threads to be had: connections stay until they go by themselves
			}
		}
	}

	/**
	 * Let the gate open, parked or not.
	 */
	void end() {
		this.gate.permit();
		this.parked = false;
	}

	// One after the other, so that the end of one parking is not taken for that of the
	// next
	private synchronized void endConnections(GatedServer server, Duration grace) {
		long started = System.nanoTime();
		server.endKeepAlive();
		while (this.parked) {
			if (System.nanoTime() - started > grace.toNanos()) {
				server.closeIdleConnections();
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		server.resumeKeepAlive();
	}

}
