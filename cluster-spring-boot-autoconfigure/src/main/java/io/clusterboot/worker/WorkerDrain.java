package io.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.clusterboot.channel.Message;
import io.clusterboot.gate.GatedServer;
import io.clusterboot.lead.WorkerLeader;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Brings a worker from serving to idle without losing a request: closes the gate, lets
 * requests end, asks kept-alive connections to go. Happens once, whoever asks first.
 * <p>
 * On its way it becomes <em>quiet</em>: what is left then, if anything, are requests that
 * the application may have to end itself, and no new one will come. The application's
 * context is to be closed from then on, so that it hears of the end, while the web server
 * still waits for the rest.
 */
final class WorkerDrain {

	private static final Log logger = LogFactory.getLog(WorkerDrain.class);

	private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

	// For what is asynchronous only because it waits for something that comes at once
	private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final WorkerGate gate;

	private final Supplier<@Nullable GatedServer> server;

	private final Consumer<Message> send;

	private final WorkerLeader leader;

	private final RemoteCluster cluster;

	private final AtomicBoolean begun = new AtomicBoolean();

	private final CountDownLatch quiet = new CountDownLatch(1);

	private final CountDownLatch drained = new CountDownLatch(1);

	WorkerDrain(WorkerGate gate, Supplier<@Nullable GatedServer> server, Consumer<Message> send, WorkerLeader leader,
			RemoteCluster cluster) {
		this.gate = gate;
		this.server = server;
		this.send = send;
		this.leader = leader;
		this.cluster = cluster;
	}

	/**
	 * Begin to drain, unless that has been done. Returns at once.
	 * @param drain how
	 */
	void begin(Message.Drain drain) {
		if (this.begun.compareAndSet(false, true)) {
			this.leader.resign(drain.timeout());
			WorkerThreads.start("cluster-drain", () -> run(drain));
		}
	}

	/**
	 * Wait until the application's context can be closed without harm to requests that
	 * are in flight or come over connections that are kept alive, and to what is done
	 * once per cluster.
	 */
	void awaitQuiet() {
		await(this.quiet);
		this.leader.awaitEnd();
	}

	/**
	 * Wait until no request is left or time is up. Returns at once if no drain has begun.
	 */
	void awaitEnd() {
		if (this.begun.get()) {
			await(this.drained);
		}
	}

	private void run(Message.Drain drain) {
		try {
			this.gate.end(drain.last());
			this.send.accept(new Message.GateClosed());
			GatedServer server = this.server.get();
			int cutRequests = 0;
			if (server != null) {
				server.endKeepAlive();
				cutRequests = awaitIdle(server, drain.keepAliveGrace(), drain.timeout());
			}
			this.leader.awaitEnd();
			// No request will be counted any more
			this.cluster.reporting().last();
			this.send.accept(new Message.Drained(cutRequests));
		}
		finally {
			this.quiet.countDown();
			this.drained.countDown();
		}
	}

	private int awaitIdle(GatedServer server, Duration grace, Duration timeout) {
		long started = System.nanoTime();
		long busy = started;
		for (int left = server.drainingConnections(); left > 0; left = server.drainingConnections()) {
			long now = System.nanoTime();
			long elapsed = now - started;
			if (elapsed > timeout.toNanos()) {
				int cutRequests = server.requestsInFlight();
				logger.warn(LogMessage.format("Drain timed out after %d ms with %d connections open, %d requests cut",
						timeout.toMillis(), left, cutRequests));
				return cutRequests;
			}
			if (left > server.waitingConnections()) {
				busy = now;
			}
			if (now - busy > LIMIT_NANOS || elapsed - grace.toNanos() > LIMIT_NANOS) {
				this.quiet.countDown();
			}
			if (elapsed > grace.toNanos()) {
				server.closeIdleConnections();
			}
			LockSupport.parkNanos(PAUSE_NANOS);
		}
		return 0;
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
