package io.clusterboot.worker;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.awaitility.Awaitility;

/**
 * Two daemon threads, each of which holds a lock and waits for that of the other until
 * this is closed.
 */
public final class DeadlockedThreads implements AutoCloseable {

	public final Thread left;

	public final Thread right;

	private DeadlockedThreads(Waiting waiting) {
		ReentrantLock one = new ReentrantLock();
		ReentrantLock other = new ReentrantLock();
		CyclicBarrier barrier = new CyclicBarrier(2);
		this.left = start("left", one, other, barrier, waiting);
		this.right = start("right", other, one, barrier, waiting);
		Awaitility.await().until(() -> waits(this.left) && waits(this.right));
	}

	public static DeadlockedThreads forEver() {
		return new DeadlockedThreads(ReentrantLock::lockInterruptibly);
	}

	public static DeadlockedThreads forAnHour() {
		return new DeadlockedThreads((lock) -> lock.tryLock(1, TimeUnit.HOURS));
	}

	private static Thread start(String name, ReentrantLock first, ReentrantLock second, CyclicBarrier barrier,
			Waiting waiting) {
		Thread thread = new Thread(() -> {
			first.lock();
			try {
				barrier.await();
				waiting.on(second);
			}
			catch (Exception ex) {
				// closed
			}
			finally {
				first.unlock();
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private static boolean waits(Thread thread) {
		return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
	}

	@Override
	public void close() {
		this.left.interrupt();
		this.right.interrupt();
		Awaitility.await().until(() -> !this.left.isAlive() && !this.right.isAlive());
	}

	/**
	 * A way to wait for a lock.
	 */
	private interface Waiting {

		void on(ReentrantLock lock) throws InterruptedException;

	}

}
