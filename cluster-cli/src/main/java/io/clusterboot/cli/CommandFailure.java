package io.clusterboot.cli;

/**
 * Ends the command with a sentence and an exit code.
 */
final class CommandFailure extends RuntimeException {

	private final int exitCode;

	CommandFailure(int exitCode, String message) {
		super(message);
		this.exitCode = exitCode;
	}

	int exitCode() {
		return this.exitCode;
	}

}
