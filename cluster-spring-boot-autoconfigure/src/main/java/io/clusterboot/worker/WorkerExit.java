package io.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.clusterboot.channel.Message;
import io.clusterboot.posix.Signals;
import io.clusterboot.worker.watch.WorkerSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.log.LogMessage;

/**
 * The ways in which a worker ends: the primary says so, a signal does, or the primary is
 * gone. All of them drain if the application may have served.
 */
final class WorkerExit {

	private static final Log logger = LogFactory.getLog(WorkerExit.class);

	private static final int TERMINATED = 143;

	private static final int INTERRUPTED = 130;

	private static final int ABANDONED = 1;

	private final Message.Drain unasked;

	private final Message.Drain orphaned;

	private final WorkerGate gate;

	private final WorkerDrain drain;

	private final Consumer<Message> send;

	private final AtomicBoolean interrupted = new AtomicBoolean();

	private final AtomicBoolean asked = new AtomicBoolean();

	private final AtomicBoolean leaving = new AtomicBoolean();

	private final AtomicBoolean closing = new AtomicBoolean();

	private final AtomicInteger exitCode = new AtomicInteger();

	WorkerExit(WorkerSettings settings, WorkerGate gate, WorkerDrain drain, Consumer<Message> send) {
		this.unasked = new Message.Drain(false, settings.drainTimeout(), settings.keepAliveGrace());
		this.orphaned = new Message.Drain(true, settings.drainTimeout(), settings.keepAliveGrace());
		this.gate = gate;
		this.drain = drain;
		this.send = send;
	}

	/**
	 * Have signals drain this worker, and the JVM wait for the drain whoever ends it: an
	 * application may have told Spring Boot not to close its context then.
	 */
	void register() {
		Runtime.getRuntime().addShutdownHook(new Thread(this.drain::awaitEnd, "cluster-drained"));
		boolean handled = Signals.handle("TERM", this::onTerminate);
		// A terminal sends ^C to the whole process group; the primary knows what to do
		handled &= Signals.handle("INT", this::onInterrupt);
		if (!handled) {
			logger.debug("SIGTERM and SIGINT are not handled because the JVM was told to leave them alone");
		}
	}

	void drainAndExit(Message.Drain drain) {
		this.asked.set(true);
		this.drain.begin(drain);
		WorkerThreads.start("cluster-exit", () -> {
			this.drain.awaitQuiet();
			System.exit(this.exitCode.get());
		});
	}

	/**
	 * Drain because the application closes. Returns when that may go on. Usually the
	 * process ends by itself then.
	 */
	void drainNow() {
		this.closing.set(true);
		this.drain.begin(this.unasked);
		this.drain.awaitQuiet();
	}

	/**
	 * Nobody is there any more who could replace this worker, or kill it.
	 * @param reason how that is known
	 * @param closeTimeout how long the application may take to close after the drain
	 */
	void onPrimaryGone(String reason, Duration closeTimeout) {
		this.gate.orphan();
		endAfter(this.orphaned.timeout().plus(closeTimeout));
		if (this.asked.get()) {
			return;
		}
		logger.warn("The primary is gone (" + reason + "), this worker drains and exits");
		if (this.gate.mayHaveServed()) {
			drainAndExit(this.orphaned);
		}
		else {
			Runtime.getRuntime().halt(ABANDONED);
		}
	}

	private static void endAfter(Duration patience) {
		Thread thread = new Thread(() -> {
			sleep(patience);
			logger.warn(LogMessage.format("This worker has not ended after %d s and is killed", patience.toSeconds()));
			Runtime.getRuntime().halt(ABANDONED);
		}, "cluster-orphan");
		thread.setDaemon(true);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			// The drain matters more
			logger.warn("There is no thread to end this worker if it does not end by itself");
		}
	}

	private static void sleep(Duration duration) {
		try {
			TimeUnit.SECONDS.sleep(duration.toSeconds() + 1);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void onTerminate() {
		this.exitCode.set(TERMINATED);
		if (!this.gate.wasReady() || this.closing.get()) {
			System.exit(TERMINATED);
		}
		if (this.leaving.compareAndSet(false, true)) {
			// Serves on until the primary has a replacement and says so
			this.send.accept(new Message.Leaving("SIGTERM"));
		}
		else if (!this.asked.get()) {
			drainAndExit(this.unasked);
		}
	}

	private void onInterrupt() {
		if (!this.interrupted.compareAndSet(false, true)) {
			Runtime.getRuntime().halt(INTERRUPTED);
		}
	}

}
