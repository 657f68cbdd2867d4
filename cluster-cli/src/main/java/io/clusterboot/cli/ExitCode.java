package io.clusterboot.cli;

/**
 * How the command ends. Scripts rely on these.
 */
final class ExitCode {

	/**
	 * What was asked for is so.
	 */
	static final int GOOD = 0;

	/**
	 * The cluster is in a bad state, or what was asked for has failed.
	 */
	static final int BAD = 1;

	/**
	 * The command makes no sense.
	 */
	static final int USAGE = 2;

	/**
	 * No such cluster runs.
	 */
	static final int NOTHING = 3;

	/**
	 * It was not so in time, and may be later. As of {@code timeout(1)}.
	 */
	static final int TIMEOUT = 124;

	private ExitCode() {
	}

}
