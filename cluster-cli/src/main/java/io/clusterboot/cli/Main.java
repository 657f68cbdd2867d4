package io.clusterboot.cli;

import java.io.IOException;
import java.io.PrintWriter;

import io.clusterboot.control.ControlRefusedException;
import io.clusterboot.control.ControlTimeoutException;
import picocli.CommandLine;

/**
 * The command {@code cluster}.
 */
public final class Main {

	private Main() {
	}

	/**
	 * Run the command.
	 * @param args its arguments
	 */
	public static void main(String[] args) {
		int code = commandLine().execute(args);
		// Such as a full disk
		System.exit((System.out.checkError() && code == ExitCode.GOOD) ? ExitCode.BAD : code);
	}

	static CommandLine commandLine() {
		CommandLine line = new CommandLine(new ClusterCommand());
		line.setExecutionExceptionHandler((ex, command, result) -> failed(ex, command.getErr()));
		line.setParameterExceptionHandler((ex, args) -> {
			PrintWriter err = ex.getCommandLine().getErr();
			err.println("cluster: " + Console.plain(String.valueOf(ex.getMessage())));
			err.printf("Try '%s --help'.%n", ex.getCommandLine().getCommandSpec().qualifiedName());
			return ExitCode.USAGE;
		});
		// The number of workers to take away is no option
		line.getSubcommands().get("scale").setUnmatchedOptionsArePositionalParams(true);
		return line;
	}

	private static int failed(Exception ex, PrintWriter err) {
		err.println("cluster: " + Console.plain((ex.getMessage() != null) ? ex.getMessage() : ex.toString()));
		if (ex instanceof CommandFailure failure) {
			return failure.exitCode();
		}
		if (ex instanceof ControlTimeoutException) {
			return ExitCode.TIMEOUT;
		}
		if (ex instanceof ControlRefusedException || ex instanceof IOException) {
			return ExitCode.BAD;
		}
		ex.printStackTrace(err);
		return ExitCode.BAD;
	}

}
