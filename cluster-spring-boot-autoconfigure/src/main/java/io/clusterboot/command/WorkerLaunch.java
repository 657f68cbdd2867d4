package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * What one worker is started with.
 *
 * @param command the executable and its arguments
 * @param main the index of the first part of the command that is no option of a JVM: what
 * it runs, which the arguments of the application follow
 * @param variables environment variables: with JVM options, those that were given, and
 * with the worker's name
 */
public record WorkerLaunch(List<String> command, int main, Map<String, String> variables) {

	// MAX_ARG_STRLEN in the kernel's linux/binfmts.h, less the zero at the end
	private static final int LONGEST = 32 * 4096 - 1;

	public WorkerLaunch {
		command = List.copyOf(command);
		variables = Map.copyOf(variables);
	}

	/**
	 * Return whether the kernel refuses an argument, as can happen to what was relative
	 * or in an argument file on the command line of the launcher.
	 * @return whether an argument is too long
	 */
	public boolean isTooLong() {
		return this.command.stream().anyMatch(WorkerLaunch::isTooLong);
	}

	// Most are so short that nothing has to be encoded to see it
	private static boolean isTooLong(String argument) {
		return argument.length() > LONGEST / 4 && NativeCharset.encode(argument).length > LONGEST;
	}

	/**
	 * Return the command with what is too long in argument files.
	 * @param directory where the files go
	 * @return the executable and its arguments
	 * @throws IOException if a file cannot be written, or the JVM would not read it
	 */
	public List<String> command(Path directory) throws IOException {
		if (this.command.subList(0, this.main).contains(ArgumentFiles.DISABLE)) {
			throw new IOException("an argument is longer than %d bytes and must not be put into a file, because of %s"
				.formatted(LONGEST, ArgumentFiles.DISABLE));
		}
		List<String> shortened = new ArrayList<>();
		for (String option : this.command.subList(0, this.main)) {
			shortened.add(isTooLong(option) ? store(List.of(unescape(option)), directory) : option);
		}
		List<String> rest = this.command.subList(this.main, this.command.size());
		if (rest.stream().anyMatch(WorkerLaunch::isTooLong)) {
			// Behind the main class nothing is expanded
			shortened.add(store(rest, directory));
		}
		else {
			shortened.addAll(rest);
		}
		return shortened;
	}

	private static String unescape(String option) {
		return option.startsWith("@@") ? option.substring(1) : option;
	}

	// Those of all workers of a generation are the same
	private static String store(List<String> arguments, Path directory) throws IOException {
		byte[] text = NativeCharset.encode(ArgumentFile.join(arguments));
		CRC32 checksum = new CRC32();
		checksum.update(text);
		Path file = directory.resolve("arguments-%08x".formatted(checksum.getValue()));
		if (!Files.exists(file)) {
			Files.write(file, text);
		}
		return "@" + file;
	}

}
