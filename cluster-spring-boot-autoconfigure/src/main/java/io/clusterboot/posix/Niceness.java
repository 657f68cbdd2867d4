package io.clusterboot.posix;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import com.sun.jna.LastErrorException;

/**
 * How far a process stands back for others: the nice value of its threads, see
 * setpriority(2). Anybody may raise that of their own processes. To take it back needs
 * {@code RLIMIT_NICE} or {@code CAP_SYS_NICE}; without either nothing is raised.
 *
 * @param own the nice value of the current process
 * @param revocable whether it can be taken back
 */
public record Niceness(int own, boolean revocable) {

	// A third of the weight of others: sched_prio_to_weight in kernel/sched/core.c. It
	// goes behind whoever wakes up, and still gets on where all processors are busy.
	private static final int STEPS = 5;

	private static final int NICEST = 19;

	/**
	 * Find out what may be done, by doing it to a thread of its own.
	 * @return the niceness of the current process
	 */
	public static Niceness ofCurrentProcess() {
		return CompletableFuture
			.supplyAsync(Niceness::ofCurrentThread, (thread) -> new Thread(thread, "cluster-niceness").start())
			.join();
	}

	private static Niceness ofCurrentThread() {
		int own = LibC.getpriority(LibC.PRIO_PROCESS, 0);
		try {
			LibC.setpriority(LibC.PRIO_PROCESS, 0, Math.min(own + STEPS, NICEST));
			LibC.setpriority(LibC.PRIO_PROCESS, 0, own);
			return new Niceness(own, true);
		}
		catch (LastErrorException ex) {
			return new Niceness(own, false);
		}
	}

	/**
	 * Let a process, and what its threads start from now on, stand back. Threads that
	 * have a nice value of their own keep it.
	 * @param pid the process
	 */
	public void raise(long pid) {
		change(pid, (thread) -> true, this.own, this.own + STEPS);
	}

	/**
	 * Take back what was raised.
	 * @param pid the process
	 * @param threads from which of its threads, by the first 15 characters of their names
	 */
	public void takeBack(long pid, Predicate<String> threads) {
		change(pid, threads, this.own + STEPS, this.own);
	}

	private void change(long pid, Predicate<String> threads, int from, int to) {
		if (this.revocable && this.own + STEPS <= NICEST) {
			ProcessThreads.forEach(pid, (thread) -> {
				if (threads.test(ProcessThreads.name(pid, thread))) {
					change(thread, from, to);
				}
			});
		}
	}

	private static void change(int thread, int from, int to) {
		try {
			if (LibC.getpriority(LibC.PRIO_PROCESS, thread) == from) {
				LibC.setpriority(LibC.PRIO_PROCESS, thread, to);
			}
		}
		catch (LastErrorException ex) {
			// It has ended, or somebody has changed what is allowed
		}
	}

}
