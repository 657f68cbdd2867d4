package io.clusterboot.contract;

/**
 * How a process ended.
 *
 * @param code its exit code as {@link Process#exitValue()} returns it: what the process
 * chose, or 128 and the number of the signal that ended it
 */
public record ExitStatus(int code) {

	/**
	 * That of a process that SIGKILL has ended.
	 */
	public static final int KILLED = 137;

	private static final int SIGNALLED = 128;

	// The numbers of Linux' asm-generic/signal.h, from 1
	private static final String[] SIGNALS = { "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1",
			"SEGV", "USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
			"XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS" };

	/**
	 * Say how the process ended, in words fit for a log line.
	 * @return for example {@code exit code 3} or {@code SIGKILL (exit code 137)}
	 */
	public String describe() {
		return isSignal() ? "SIG" + SIGNALS[this.code - SIGNALLED - 1] + " (exit code " + this.code + ")"
				: "exit code " + this.code;
	}

	/**
	 * Return whether a signal ended the process, as far as the code tells.
	 * @return whether it is 128 and the number of a signal
	 */
	public boolean isSignal() {
		return this.code > SIGNALLED && this.code <= SIGNALLED + SIGNALS.length;
	}

	@Override
	public String toString() {
		return describe();
	}

}
