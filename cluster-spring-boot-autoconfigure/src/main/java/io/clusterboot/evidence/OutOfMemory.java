package io.clusterboot.evidence;

import java.util.List;

/**
 * Tells from what a JVM printed last whether it was ended because it had no memory left.
 * HotSpot says so before it ends itself: {@code report_java_out_of_memory} in its
 * {@code debug.cpp} and {@code VMError} in {@code vmError.cpp}. A JVM that has printed
 * the same and ended otherwise, or later, has got over it.
 */
final class OutOfMemory {

	// -XX:+ExitOnOutOfMemoryError
	private static final String EXITING = "Terminating due to java.lang.OutOfMemoryError: ";

	private static final int EXITED = 3;

	// -XX:+CrashOnOutOfMemoryError
	private static final String CRASHING = "Aborting due to java.lang.OutOfMemoryError: ";

	// The JVM itself did not get what it needs
	private static final String CRASHING_NATIVELY = "# There is insufficient memory for the Java Runtime Environment";

	// SIGABRT, but 1 where no core dump is to be written
	private static final List<Integer> CRASHED = List.of(134, 1);

	// -XX:OnOutOfMemoryError="kill -9 %p". All of Java stands still meanwhile, so this is
	// the last line
	private static final String COMMANDING = "#   Executing /bin/sh -c \"";

	private static final int KILLED = 137;

	private OutOfMemory() {
	}

	/**
	 * Return whether there was no memory left.
	 * @param code the exit code, as {@link Process#exitValue()} gives it
	 * @param output the last lines that the JVM printed
	 * @return whether this is why it ended
	 */
	static boolean hasEnded(int code, List<String> output) {
		if (code == EXITED) {
			return isPrinted(EXITING, output);
		}
		if (CRASHED.contains(code)) {
			return isPrinted(CRASHING, output) || isPrinted(CRASHING_NATIVELY, output);
		}
		return code == KILLED && !output.isEmpty() && output.get(output.size() - 1).contains(COMMANDING);
	}

	// Not always at the beginning of a line: the application may have left one unfinished
	private static boolean isPrinted(String text, List<String> output) {
		return output.stream().anyMatch((line) -> line.contains(text));
	}

}
