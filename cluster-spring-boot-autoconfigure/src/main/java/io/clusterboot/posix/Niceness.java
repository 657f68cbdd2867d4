package io.clusterboot.posix;

import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import com.sun.jna.LastErrorException;

/**
 * How far the threads of a process stand back for those of others, see sched(7). Anybody
 * may let their own do so. To take it back needs {@code RLIMIT_NICE} or
 * {@code CAP_SYS_NICE}; without either nothing is done.
 *
 * @param own the nice value of the current process
 * @param revocable whether it can be taken back
 */
public record Niceness(int own, boolean revocable) {

	// A third of the weight of others: sched_prio_to_weight in kernel/sched/core.c
	private static final int STEPS = 5;

	private static final int NICEST = 19;

	/**
	 * How far.
	 */
	public enum Level {

		/**
		 * Not at all.
		 */
		NONE,

		/**
		 * By a nice value that is 5 higher.
		 */
		HIGHER,

		/**
		 * By {@code SCHED_IDLE}.
		 */
		IDLE

	}

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
		if (LibC.sched_getscheduler(0) != LibC.SCHED_OTHER) {
			// What somebody has chosen for all of it
			return new Niceness(own, false);
		}
		Niceness niceness = new Niceness(own, true);
		try {
			niceness.set(0, Level.IDLE);
			niceness.set(0, Level.NONE);
			return niceness;
		}
		catch (LastErrorException ex) {
			return new Niceness(own, false);
		}
	}

	/**
	 * Let threads of a process, and what they start from now on, stand back. One that has
	 * a nice value or a policy of its own keeps it.
	 * @param pid the process
	 * @param level how far
	 * @param threads which of its threads, by the first 15 characters of their names
	 */
	public void give(long pid, Level level, Predicate<String> threads) {
		if (this.revocable && niceValue(Level.HIGHER) <= NICEST) {
			ProcessThreads.forEach(pid, (thread) -> {
				if (threads.test(ProcessThreads.name(pid, thread))) {
					give(thread, level);
				}
			});
		}
	}

	private void give(int thread, Level level) {
		try {
			int policy = LibC.sched_getscheduler(thread);
			int niceValue = LibC.getpriority(LibC.PRIO_PROCESS, thread);
			for (Level given : Level.values()) {
				if (policy(given) == policy && niceValue(given) == niceValue) {
					set(thread, level);
				}
			}
		}
		catch (LastErrorException ex) {
			// It has ended, or somebody has changed what is allowed
		}
	}

	private void set(int thread, Level level) {
		LibC.sched_setscheduler(thread, policy(level), new int[] { 0 });
		LibC.setpriority(LibC.PRIO_PROCESS, thread, niceValue(level));
	}

	private static int policy(Level level) {
		return (level == Level.IDLE) ? LibC.SCHED_IDLE : LibC.SCHED_OTHER;
	}

	private int niceValue(Level level) {
		return (level == Level.HIGHER) ? this.own + STEPS : this.own;
	}

}
