package io.clusterboot.cli;

import java.io.PrintWriter;

import picocli.CommandLine;

/**
 * Runs the command {@code cluster} in the JVM of a test, where a process of its own each
 * time would take too long.
 */
public final class InProcess {

	private InProcess() {
	}

	/**
	 * Run the command.
	 * @param output where it prints, what is wrong too
	 * @param arguments its arguments
	 * @return its exit code
	 */
	public static int run(PrintWriter output, String... arguments) {
		CommandLine command = Main.commandLine();
		command.setOut(output);
		command.setErr(output);
		return command.execute(arguments);
	}

}
