package io.clusterboot.worker.watch;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Threads that wait for each other and will do so for ever.
 *
 * @param threads the threads, none if there is no deadlock
 */
record Deadlocks(List<ThreadInfo> threads) {

	private static final ThreadMXBean BEAN = ManagementFactory.getThreadMXBean();

	static Deadlocks find() {
		long[] ids = BEAN.findDeadlockedThreads();
		Map<Long, ThreadInfo> threads = new LinkedHashMap<>();
		for (ThreadInfo thread : BEAN.getThreadInfo((ids != null) ? ids : new long[0])) {
			// The JVM takes a thread that will give up for one that never does
			if (thread != null && thread.getThreadState() != Thread.State.TIMED_WAITING) {
				threads.put(thread.getThreadId(), thread);
			}
		}
		boolean resolved = true;
		while (resolved) {
			resolved = threads.values().removeIf((thread) -> !threads.containsKey(thread.getLockOwnerId()));
		}
		return new Deadlocks(List.copyOf(threads.values()));
	}

	boolean isEmpty() {
		return this.threads.isEmpty();
	}

	/**
	 * Describe who waits for whom.
	 * @return all threads with what they wait for and who holds it
	 */
	String describe() {
		return this.threads.stream()
			.map((thread) -> "\"%s\" waits for %s held by \"%s\"".formatted(thread.getThreadName(),
					thread.getLockName(), thread.getLockOwnerName()))
			.collect(Collectors.joining("; "));
	}

}
