package io.clusterboot.gate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Ways to wait at a monitor that is notified of every change.
 */
final class Waits {

	private Waits() {
	}

	/**
	 * Wait as long as something is so, also when the thread is interrupted.
	 * @param monitor the monitor, which the thread owns
	 * @param condition what is asked while it owns it
	 */
	static void waitWhile(Object monitor, BooleanSupplier condition) {
		boolean interrupted = false;
		while (condition.getAsBoolean()) {
			try {
				monitor.wait();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait until something has not happened for a while, or the thread is interrupted.
	 * @param monitor the monitor
	 * @param last when it happened last, asked while the thread owns the monitor
	 * @param quiet the while
	 * @param deadline when to give up, as {@link System#nanoTime()} counts
	 */
	static void awaitQuiet(Object monitor, LongSupplier last, Duration quiet, long deadline) {
		synchronized (monitor) {
			long started = System.nanoTime();
			long pause = quiet.toNanos();
			while (pause > 0 && System.nanoTime() - deadline < 0) {
				try {
					TimeUnit.NANOSECONDS.timedWait(monitor, pause);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					return;
				}
				long lastTime = last.getAsLong();
				pause = ((lastTime - started > 0) ? lastTime : started) + quiet.toNanos() - System.nanoTime();
			}
		}
	}

}
