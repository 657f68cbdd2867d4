package io.clusterboot.posix;

import java.util.BitSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;

import com.sun.jna.LastErrorException;

/**
 * The processors that a process may run on: see sched_setaffinity(2). Whoever may signal
 * a process may also change them, and take that back.
 *
 * @param numbers their numbers
 */
public record Processors(BitSet numbers) {

	// CPU_SETSIZE of sched.h is 1024; the kernel refuses less than it has processors
	private static final int MASK_BYTES = 1024;

	/**
	 * Return what a process, or a single thread, may run on.
	 * @param pid the process or thread
	 * @return its processors, none if it is gone
	 */
	public static Processors of(long pid) {
		byte[] mask = new byte[MASK_BYTES];
		try {
			LibC.sched_getaffinity((int) pid, mask.length, mask);
		}
		catch (LastErrorException ex) {
			return new Processors(new BitSet());
		}
		return new Processors(BitSet.valueOf(mask));
	}

	/**
	 * Return a part of them.
	 * @param upper whether from the upper end
	 * @return half of them, the smaller one of an odd number; none of one
	 */
	public Processors half(boolean upper) {
		int[] all = this.numbers.stream().toArray();
		int left = all.length / 2;
		BitSet half = new BitSet();
		IntStream.range(0, left).forEach((i) -> half.set(all[(upper) ? all.length - 1 - i : i]));
		return new Processors(half);
	}

	public int count() {
		return this.numbers.cardinality();
	}

	/**
	 * Let threads of a process, and what they start from now on, run on others instead. A
	 * thread that has others than these keeps them.
	 * @param pid the process
	 * @param others those others
	 * @param threads which of its threads, by the first 15 characters of their names
	 */
	public void exchange(long pid, Processors others, Predicate<String> threads) {
		byte[] mask = new byte[MASK_BYTES];
		byte[] bytes = others.numbers.toByteArray();
		System.arraycopy(bytes, 0, mask, 0, bytes.length);
		ProcessThreads.forEach(pid, (thread) -> {
			if (of(thread).equals(this) && threads.test(ProcessThreads.name(pid, thread))) {
				give(thread, mask);
			}
		});
	}

	private static void give(int thread, byte[] mask) {
		try {
			LibC.sched_setaffinity(thread, mask.length, mask);
		}
		catch (LastErrorException ex) {
			// Then it runs wherever it could before
		}
	}

}
