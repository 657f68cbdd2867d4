package io.clusterboot.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Predicate;

import com.sun.jna.LastErrorException;

/**
 * How long a thread may run until it is another's turn. Since Linux 6.12 every thread may
 * have its own: {@code sched_runtime} of sched_setattr(2), which {@code __setparam_fair}
 * in kernel/sched/fair.c takes for it, without a privilege. Who wakes up with a shorter
 * one need not wait for the end of a longer one. Older kernels take no notice.
 */
public enum TimeSlice {

	/**
	 * What the kernel gives to everybody, some milliseconds.
	 */
	USUAL(0),

	/**
	 * The longest that there is, for what has much to do and nobody who waits for it.
	 */
	LONG(100_000_000);

	// linux/sched/types.h: size, policy, flags, nice, priority, runtime, ...

	private static final int SIZE = 56;

	private static final int POLICY = 4;

	private static final int RUNTIME = 24;

	private final long nanoseconds;

	TimeSlice(long nanoseconds) {
		this.nanoseconds = nanoseconds;
	}

	/**
	 * Give it to a process, and to what its threads start from now on. A process that is
	 * gone, or that has another policy than the usual one, is left as it is.
	 * @param pid the process
	 * @param threads which of its threads, by the first 15 characters of their names
	 */
	public void give(long pid, Predicate<String> threads) {
		ProcessThreads.forEach(pid, (thread) -> {
			if (threads.test(ProcessThreads.name(pid, thread))) {
				give(thread);
			}
		});
	}

	private void give(int thread) {
		try {
			ByteBuffer attributes = attributes(thread);
			if (attributes.getInt(POLICY) == LibC.SCHED_OTHER) {
				attributes.putInt(0, SIZE).putLong(RUNTIME, this.nanoseconds);
				LibC.syscall(LibC.SYS_sched_setattr, thread, attributes.array(), 0, 0);
			}
		}
		catch (LastErrorException ex) {
			// Then it has what it had
		}
	}

	/**
	 * Return what a thread has.
	 * @param thread the thread's number
	 * @return nanoseconds, 0 if the kernel does not tell
	 */
	static long of(int thread) {
		return attributes(thread).getLong(RUNTIME);
	}

	private static ByteBuffer attributes(int thread) {
		ByteBuffer attributes = ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
		LibC.syscall(LibC.SYS_sched_getattr, thread, attributes.array(), SIZE, 0);
		return attributes;
	}

}
