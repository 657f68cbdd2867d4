package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

import io.clusterboot.ClusterException;

/**
 * Puts the contents of argument files in place of {@code @file}, until an argument says
 * that this is to stop.
 */
public final class ArgumentFiles {

	static final String DISABLE = "--disable-@files";

	private final Path workingDirectory;

	private boolean disabled;

	public ArgumentFiles(Path workingDirectory) {
		this.workingDirectory = workingDirectory;
	}

	/**
	 * Expand the next argument; arguments must come in their order. The rules are those
	 * of {@code JLI_PreprocessArg} in the JDK's {@code libjli/args.c}: {@code @@x} stands
	 * for {@code @x}, {@code @} for itself, and what a file contains is not expanded.
	 * @param argument an argument before the main class
	 * @return what stands in its place
	 */
	List<String> expand(String argument) {
		List<String> expanded = isReference(argument) ? resolve(argument.substring(1)) : List.of(argument);
		this.disabled |= expanded.contains(DISABLE);
		return expanded;
	}

	boolean isDisabled() {
		return this.disabled;
	}

	private boolean isReference(String argument) {
		return !this.disabled && isExpandable(argument);
	}

	private List<String> resolve(String name) {
		if (name.startsWith("@")) {
			return List.of(name);
		}
		try {
			Path file = this.workingDirectory.resolve(name);
			return ArgumentFile.split(NativeCharset.decode(Files.readAllBytes(file)));
		}
		catch (IOException | InvalidPathException ex) {
			throw new ClusterException("The argument file '" + name + "' of the command line cannot be read", ex);
		}
	}

	/**
	 * Return whether the launcher would take an argument for a reference to a file, so
	 * that it needs a second {@code @} to be taken literally.
	 * @param argument an argument before the main class
	 * @return whether it would be expanded
	 */
	static boolean isExpandable(String argument) {
		return argument.length() > 1 && argument.startsWith("@");
	}

}
