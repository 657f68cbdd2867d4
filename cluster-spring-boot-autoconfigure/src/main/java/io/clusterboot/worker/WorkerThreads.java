package io.clusterboot.worker;

/**
 * Starts the threads with which a worker ends.
 */
final class WorkerThreads {

	private WorkerThreads() {
	}

	/**
	 * Run something in a thread of its own, or in this one if there are no more threads
	 * to be had, which may be why the worker has to end.
	 * @param name the thread's name
	 * @param task what to run
	 */
	static void start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		try {
			thread.start();
		}
		catch (OutOfMemoryError ex) {
			task.run();
		}
	}

}
