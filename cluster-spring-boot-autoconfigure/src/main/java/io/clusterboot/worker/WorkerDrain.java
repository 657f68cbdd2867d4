package io.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
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

	private final Consumer<Message> send;

	private boolean done;

	WorkerDrain(WorkerGate gate, Supplier<@Nullable GatedServer> server, Consumer<Message> send) {
		this.gate = gate;
		this.server = server;
		this.send = send;
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
		this.send.accept(new Message.GateClosed());
		GatedServer server = this.server.get();
		int cutRequests = 0;
		if (server != null) {
			server.endKeepAlive();
			cutRequests = awaitIdle(server, drain.keepAliveGrace(), drain.timeout());
		}
		this.send.accept(new Message.Drained(cutRequests));
	}

	private int awaitIdle(GatedServer server, Duration grace, Duration timeout) {
		long started = System.nanoTime();
		while (server.drainingConnections() > 0) {
			long elapsed = System.nanoTime() - started;
			if (elapsed > timeout.toNanos()) {
				int cutRequests = server.requestsInFlight();
				logger.warn(LogMessage.format("Drain timed out after %d ms with %d connections open, %d requests cut",
						timeout.toMillis(), server.drainingConnections(), cutRequests));
				return cutRequests;
			}
			if (elapsed > grace.toNanos()) {
				server.closeIdleConnections();
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		return 0;
	}

}
