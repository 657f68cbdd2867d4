package io.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import io.clusterboot.channel.Message;
import io.clusterboot.socket.GatedServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Brings a worker from serving to idle without losing a request: closes the gate, lets
 * requests end, asks kept-alive connections to go. Happens once, whoever asks first.
 */
final class WorkerDrain {

	private static final Log logger = LogFactory.getLog(WorkerDrain.class);

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	private final WorkerGate gate;

	private final Supplier<@Nullable GatedServer> server;

	private final Runnable onGateClosed;

	private boolean done;

	WorkerDrain(WorkerGate gate, Supplier<@Nullable GatedServer> server, Runnable onGateClosed) {
		this.gate = gate;
		this.server = server;
		this.onGateClosed = onGateClosed;
	}

	/**
	 * Drain. Returns when no request is left or time is up; at once if it has been done.
	 * @param drain how
	 */
	synchronized void run(Message.Drain drain) {
		if (this.done) {
			return;
		}
		this.done = true;
		this.gate.end(drain.last());
		this.onGateClosed.run();
		GatedServer server = this.server.get();
		if (server != null) {
			server.endKeepAlive();
			awaitIdle(server, drain.keepAliveGrace(), drain.timeout());
		}
	}

	private void awaitIdle(GatedServer server, Duration grace, Duration timeout) {
		long started = System.nanoTime();
		while (server.drainingConnections() > 0) {
			long elapsed = System.nanoTime() - started;
			if (elapsed > timeout.toNanos()) {
				logger.warn(LogMessage.format("Drain timed out after %d ms with %d connections open",
						timeout.toMillis(), server.drainingConnections()));
				return;
			}
			if (elapsed > grace.toNanos()) {
				server.closeIdleConnections();
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
	}

}
