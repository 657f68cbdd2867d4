package io.clusterboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Where the code of new generations comes from: the files that the launcher's command
 * line names, as they are when a snapshot is taken. An executable jar is copied. Of
 * everything else the real path is pinned, so that a symbolic link that is switched to
 * another release matters to the next generation only.
 */
public final class CodeSource {

	private static final Set<String> CLASS_PATH_OPTIONS = Set.of("-cp", "-classpath", "--class-path");

	private static final String CLASS_PATH_ASSIGNMENT = "--class-path=";

	private static final String SEPARATOR = ":";

	private final JvmCommand command;

	private final Path directory;

	private final StagingDirectory staging;

	/**
	 * Create a source.
	 * @param command the launcher's command line
	 * @param directory the working directory under the name that the user knows it by,
	 * which may be a symbolic link
	 * @param staging where copies go
	 */
	public CodeSource(JvmCommand command, Path directory, StagingDirectory staging) {
		this.command = command;
		this.directory = directory;
		this.staging = staging;
	}

	/**
	 * Take a snapshot.
	 * @param generation the generation that it is for
	 * @return the snapshot
	 * @throws IOException if a file is missing, not a complete archive or changing, or if
	 * there is no room for a copy; nothing is left behind then
	 */
	public CodeSnapshot take(int generation) throws IOException {
		try {
			Path base = WorkingDirectory.nameable(this.directory.toRealPath(), this.directory);
			List<String> main = new ArrayList<>(this.command.main());
			if (main.get(0).equals("-jar")) {
				main.set(1, pin(base, main.get(1), generation, true));
			}
			return new CodeSnapshot(new JvmCommand(this.command.executable(), options(base, generation), main,
					this.command.arguments()), base);
		}
		catch (IOException ex) {
			discard(generation);
			throw ex;
		}
	}

	/**
	 * Return the directory for what belongs to a generation.
	 * @param generation the generation
	 * @return the directory, which does not exist if nothing was copied
	 */
	public Path directory(int generation) {
		return this.staging.generation(generation);
	}

	/**
	 * Make the directory for what belongs to a generation.
	 * @param generation the generation
	 * @return the directory
	 * @throws IOException if it cannot be made, or somebody else has put something in its
	 * place
	 */
	public Path makeDirectory(int generation) throws IOException {
		return this.staging.makeGeneration(generation);
	}

	/**
	 * Delete what belongs to a generation that nobody needs any more.
	 * @param generation the generation
	 */
	public void discard(int generation) {
		StagingDirectory.of(directory(generation)).delete();
	}

	private List<String> options(Path base, int generation) throws IOException {
		List<String> options = new ArrayList<>();
		boolean classPath = false;
		for (String option : this.command.options()) {
			if (classPath) {
				options.add(pinAll(base, option, generation));
			}
			else if (option.startsWith(CLASS_PATH_ASSIGNMENT)) {
				options.add(CLASS_PATH_ASSIGNMENT
						+ pinAll(base, option.substring(CLASS_PATH_ASSIGNMENT.length()), generation));
			}
			else {
				options.add(option);
			}
			classPath = !classPath && CLASS_PATH_OPTIONS.contains(option);
		}
		return options;
	}

	private String pinAll(Path base, String classPath, int generation) throws IOException {
		List<String> pinned = new ArrayList<>();
		for (String entry : classPath.split(SEPARATOR, -1)) {
			pinned.add(pin(base, entry, generation, false));
		}
		return String.join(SEPARATOR, pinned);
	}

	private String pin(Path base, String name, int generation, boolean required) throws IOException {
		boolean wildcard = name.equals("*") || name.endsWith("/*");
		Path path = resolve(base, (wildcard) ? name.substring(0, name.length() - 1) : name);
		if (!Files.exists(path)) {
			if (required) {
				throw new IOException("%s does not exist".formatted(path));
			}
			return name;
		}
		Path real = WorkingDirectory.nameable(path.toRealPath(), path);
		if (wildcard) {
			return real + "/*";
		}
		if (required) {
			ApplicationArchive.requireWhole(real);
		}
		if (Files.isRegularFile(real) && isExecutable(real)) {
			Path copy = ApplicationArchive.copy(real, makeDirectory(generation));
			this.staging.passOn(copy, real);
			return copy.toString();
		}
		return real.toString();
	}

	// What the JVM cannot read in a class path it ignores
	private static boolean isExecutable(Path file) {
		try {
			return ApplicationArchive.isExecutable(file);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static Path resolve(Path base, String name) throws IOException {
		try {
			return base.resolve(name);
		}
		catch (InvalidPathException ex) {
			throw new IOException("%s is no path".formatted(name), ex);
		}
	}

}
