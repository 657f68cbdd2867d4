package io.clusterboot.posix;

import java.util.concurrent.atomic.AtomicReference;

import com.sun.jna.LastErrorException;
import org.jspecify.annotations.Nullable;

/**
 * Puts a process behind everything else on the machine: {@code SCHED_IDLE}, see sched(7).
 * Its disk accesses go last as well, because the kernel takes their class from that of
 * the processor time where nobody has set another: {@code task_nice_ioclass} in
 * linux/ioprio.h.
 */
public final class LowPriority {

	private static final int NICEST = 19;

	private LowPriority() {
	}

	/**
	 * Give a process that has just been started the lowest priority that is allowed.
	 * @param pid the process
	 * @return {@code null} if that is the idle one, else what it is
	 */
	public static @Nullable String give(long pid) {
		AtomicReference<@Nullable String> given = new AtomicReference<>();
		ProcessThreads.forEach(pid, (thread) -> given.set(give(thread)));
		return given.get();
	}

	private static @Nullable String give(int thread) {
		try {
			LibC.sched_setscheduler(thread, LibC.SCHED_IDLE, new int[] { 0 });
			return null;
		}
		catch (LastErrorException ex) {
			return giveNiceness(thread);
		}
	}

	private static String giveNiceness(int thread) {
		try {
			LibC.setpriority(LibC.PRIO_PROCESS, thread, NICEST);
			return "a nice value of " + NICEST;
		}
		catch (LastErrorException ex) {
			return "the priority of everything else";
		}
	}

}
