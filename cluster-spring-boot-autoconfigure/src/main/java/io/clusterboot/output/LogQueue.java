package io.clusterboot.output;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Lines on their way to a target that may not take them for a while, such as a pipe that
 * nobody reads. Who adds one never waits: a thread of its own prints, in order, and what
 * there is no room for is lost.
 */
final class LogQueue {

	/**
	 * How many lines wait at most.
	 */
	static final int CAPACITY = 1000;

	private final OutputTarget target;

	private final IntFunction<String> gap;

	private final Queue<String> lines = new ArrayDeque<>();

	private int lost;

	private LogQueue(OutputTarget target, IntFunction<String> gap) {
		this.target = target;
		this.gap = gap;
	}

	/**
	 * Start a queue that prints until the process ends.
	 * @param target where the lines go
	 * @param gap makes the line that stands for a number of lost ones
	 * @return the queue
	 */
	static LogQueue start(OutputTarget target, IntFunction<String> gap) {
		LogQueue queue = new LogQueue(target, gap);
		Thread thread = new Thread(queue::run, "cluster-log");
		thread.setDaemon(true);
		thread.start();
		return queue;
	}

	synchronized void add(String line) {
		// Until there is ample room again, so that a slow reader does not get a gap per
		// line
		if (this.lost > 0 || this.lines.size() >= CAPACITY) {
			this.lost++;
			return;
		}
		this.lines.add(line);
		notifyAll();
	}

	/**
	 * Wait until everything is printed.
	 * @param millis for how long at most
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized void flush(long millis) throws InterruptedException {
		long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
		for (long left = millis; left > 0 && !this.lines.isEmpty();) {
			wait(left);
			left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
		}
	}

	private void run() {
		try {
			while (true) {
				this.target.println(next());
				printed();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	// Stays in the queue until it is printed, so that an empty one has nothing under way
	private synchronized String next() throws InterruptedException {
		while (this.lines.isEmpty()) {
			wait();
		}
		return this.lines.element();
	}

	private synchronized void printed() {
		this.lines.remove();
		if (this.lost > 0 && this.lines.size() <= CAPACITY / 2) {
			this.lines.add(this.gap.apply(this.lost));
			this.lost = 0;
		}
		notifyAll();
	}

}
