package io.clusterboot.worker.watch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Runs a task once a second for as long as the process lives, on a daemon thread of its
 * own and whatever the task throws. Seconds in which the process was stopped are not made
 * up for.
 */
public final class Ticker implements Runnable {

	private static final Log logger = LogFactory.getLog(Ticker.class);

	private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final Runnable task;

	private Ticker(Runnable task) {
		this.task = task;
	}

	public static void start(String name, Runnable task) {
		Thread thread = new Thread(new Ticker(task), name);
		thread.setDaemon(true);
		thread.start();
	}

	@Override
	public void run() {
		while (true) {
			LockSupport.parkNanos(PERIOD_NANOS);
			// An interrupted thread is not parked, and nobody is to wake or end this one
			Thread.interrupted();
			runTask();
		}
	}

	// An executor would need memory to go on, and may have none
	private void runTask() {
		try {
			this.task.run();
		}
		catch (RuntimeException | Error ex) {
			if (logger.isDebugEnabled()) {
				logger.debug("A second was missed", ex);
			}
		}
	}

}
