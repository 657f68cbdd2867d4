package io.clusterboot.command;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.ClusterException;

/**
 * The command line of {@code java}, with all argument files expanded.
 *
 * @param executable the path of {@code java}
 * @param options the options of the JVM, those with a separate value as two elements
 * @param main what is run: a class, or {@code -jar} or {@code -m} with its value
 * @param arguments the arguments of the application
 */
public record JvmCommand(String executable, List<String> options, List<String> main, List<String> arguments) {

	private static final Path EXECUTABLE = Path.of("/proc/self/exe");

	private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

	// What the kernel appends to the link when the file was replaced since
	private static final String DELETED = " (deleted)";

	public JvmCommand {
		options = List.copyOf(options);
		main = List.copyOf(main);
		arguments = List.copyOf(arguments);
	}

	/**
	 * Parse a command line as the {@code java} launcher would.
	 * @param commandLine the executable and its arguments
	 * @param workingDirectory what names of argument files are relative to
	 * @return the parsed command
	 * @throws ClusterException if an argument file cannot be read
	 */
	public static JvmCommand parse(List<String> commandLine, Path workingDirectory) {
		return parse(commandLine, new ArgumentFiles(workingDirectory));
	}

	/**
	 * Return the command line that this JVM was started with. Unlike
	 * {@link ProcessHandle.Info#arguments()} it is complete beyond 4096 bytes and keeps
	 * empty arguments.
	 * @return the command of this JVM
	 * @throws ClusterException if the JVM was not started by {@code java} or an argument
	 * file is gone
	 */
	public static JvmCommand ofCurrentProcess() {
		if (!isJavaLauncher()) {
			throw new ClusterException(
					"Workers cannot be started: this JVM was not started by 'java' but by '" + launcher() + "'", null);
		}
		try {
			List<String> commandLine = split(Files.readAllBytes(COMMAND_LINE));
			commandLine.set(0, System.getProperty("java.home") + "/bin/java");
			ArgumentFiles files = new ArgumentFiles(Path.of(""));
			// Read by the launcher before the command line: it may switch files off
			OptionsVariable.parse(OptionsVariable.LAUNCHER, System.getenv(OptionsVariable.LAUNCHER), files);
			return parse(commandLine, files);
		}
		catch (IOException ex) {
			throw new ClusterException("The command line of this JVM cannot be read", ex);
		}
	}

	/**
	 * Return whether this JVM was started by {@code java} and not by a launcher of its
	 * own, such as those that jpackage makes.
	 * @return whether {@link #ofCurrentProcess()} is possible
	 */
	public static boolean isJavaLauncher() {
		return launcher().endsWith("/java");
	}

	/**
	 * Return whether every argument arrives unchanged when the command is started again.
	 * One that is not ASCII does not where the locale is {@code C} or {@code POSIX}.
	 * @return whether the command can be repeated faithfully
	 */
	public boolean canRoundTrip() {
		return NativeCharset.canRoundTrip(command());
	}

	/**
	 * Return the command as it is given to the operating system.
	 * @return the executable and its arguments
	 */
	public List<String> command() {
		List<String> command = new ArrayList<>();
		command.add(this.executable);
		boolean literal = false;
		for (String option : this.options) {
			literal |= option.equals(ArgumentFiles.DISABLE);
			command.add(literal ? option : escape(option));
		}
		for (String part : this.main) {
			command.add(literal ? part : escape(part));
		}
		command.addAll(this.arguments);
		return List.copyOf(command);
	}

	public JvmCommand withOptions(List<String> options) {
		return new JvmCommand(this.executable, options, this.main, this.arguments);
	}

	// --disable-@files would be simpler, but the launcher of JDK 17 hands it on to the
	// JVM, which refuses it
	private static String escape(String argument) {
		return (ArgumentFiles.isExpandable(argument) ? "@" + argument : argument);
	}

	private static JvmCommand parse(List<String> commandLine, ArgumentFiles files) {
		return new JvmCommandParser(files).parse(commandLine.get(0), commandLine.subList(1, commandLine.size()));
	}

	private static String launcher() {
		try {
			String target = Files.readSymbolicLink(EXECUTABLE).toString();
			return (target.endsWith(DELETED) ? target.substring(0, target.length() - DELETED.length()) : target);
		}
		catch (IOException ex) {
			throw new ClusterException("The executable of this JVM is unknown", ex);
		}
	}

	private static List<String> split(byte[] commandLine) {
		List<String> arguments = new ArrayList<>();
		ByteArrayOutputStream argument = new ByteArrayOutputStream();
		for (byte value : commandLine) {
			if (value == 0) {
				arguments.add(NativeCharset.decode(argument.toByteArray()));
				argument.reset();
			}
			else {
				argument.write(value);
			}
		}
		return arguments;
	}

}
