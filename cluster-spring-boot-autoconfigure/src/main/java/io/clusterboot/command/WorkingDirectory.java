package io.clusterboot.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * The directory that the launcher was started in and that workers are started in.
 */
public final class WorkingDirectory {

	// Leads there in every process that inherits the directory, whatever its name
	private static final Path LINK = Path.of("/proc/self/cwd");

	private WorkingDirectory() {
	}

	/**
	 * Find a name for the directory of this process.
	 * @param named what the user calls it, which a shell leaves in {@code PWD}. It counts
	 * as long as it is the same: a symbolic link in it can lead to another release at the
	 * next reload
	 * @return a name for the directory, be it one that only its children understand
	 * @throws IOException if the directory is gone
	 */
	public static String ofCurrentProcess(@Nullable String named) throws IOException {
		Path directory = LINK.toRealPath();
		return (named != null && leadsTo(directory, named)) ? named : nameable(directory, LINK).toString();
	}

	private static boolean leadsTo(Path directory, String named) throws IOException {
		try {
			Path path = Path.of(named);
			return path.isAbsolute() && Files.exists(path) && path.toRealPath().equals(directory);
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

	/**
	 * Return a path unless its name cannot be expressed in the charset of the platform,
	 * so that it would lead nowhere on a command line.
	 * @param path the path
	 * @param other the same under another name
	 * @return one of the two
	 */
	public static Path nameable(Path path, Path other) {
		try {
			return Path.of(path.toString()).equals(path) ? path : other;
		}
		catch (InvalidPathException ex) {
			return other;
		}
	}

}
