package io.clusterboot.primary;

import java.util.function.Predicate;
import java.util.stream.Stream;

import io.clusterboot.contract.Precedence;
import io.clusterboot.posix.Niceness;
import io.clusterboot.posix.Processors;

/**
 * Lets processes leave processors to others. Threads to which somebody has given other
 * processors than the primary has, or another priority, keep these.
 */
final class Confiner {

	private static final Predicate<String> ALL = (thread) -> true;

	private static final Predicate<String> COMPILERS = (thread) -> thread.contains("Compiler");

	private final Niceness niceness = Niceness.ofCurrentProcess();

	/**
	 * Give a process the precedence, and what it has started, which inherits that.
	 * @param pid the process
	 * @param precedence when it gets processors that others want as well
	 */
	void confine(long pid, Precedence precedence) {
		ProcessHandle.of(pid)
			.stream()
			.flatMap((process) -> Stream.concat(Stream.of(process), process.descendants()))
			.forEach((process) -> give(process.pid(), precedence));
	}

	private void give(long pid, Precedence precedence) {
		long primary = ProcessHandle.current().pid();
		Processors all = Processors.of(primary);
		// Clusters beside each other that start at once, as after a boot, should not
		// share it
		Processors half = all.half(primary % 2 == 0);
		switch (precedence) {
			case LAST -> {
				this.niceness.give(pid, Niceness.Level.IDLE, ALL);
				if (!this.niceness.revocable()) {
					exchange(pid, all, half, ALL);
				}
			}
			case BESIDE -> {
				this.niceness.give(pid, Niceness.Level.NONE, ALL);
				exchange(pid, all, half, ALL);
			}
			case COMPILERS_LATER -> {
				this.niceness.give(pid, Niceness.Level.HIGHER, COMPILERS);
				this.niceness.give(pid, Niceness.Level.NONE, COMPILERS.negate());
				exchange(pid, all, half, COMPILERS);
				exchange(pid, half, all, COMPILERS.negate());
			}
			case EQUAL -> {
				this.niceness.give(pid, Niceness.Level.NONE, ALL);
				exchange(pid, half, all, ALL);
			}
		}
	}

	private static void exchange(long pid, Processors from, Processors to, Predicate<String> threads) {
		if (to.count() > 0) {
			from.exchange(pid, to, threads);
		}
	}

}
