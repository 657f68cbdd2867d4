package io.clusterboot.code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import io.clusterboot.command.JvmCommand;
import io.clusterboot.command.TrainingOptions;
import io.clusterboot.command.WorkingDirectory;

/**
 * Where the code of new generations comes from: the files that the launcher's command
 * line names, as they are when a copy is taken. A jar that is a whole application is
 * copied. Of everything else the real path is pinned, so that a symbolic link that is
 * switched to another release matters to the next generation only.
 */
public final class CodeSource {

	private static final Set<String> CLASS_PATH_OPTIONS = Set.of("-cp", "-classpath", "--class-path");

	private static final String CLASS_PATH_ASSIGNMENT = "--class-path=";

	private static final String SEPARATOR = ":";

	private final JvmCommand command;

	private final Path directory;

	private final GenerationCopies copies;

	/**
	 * Create a source.
	 * @param command the launcher's command line
	 * @param directory the working directory under the name that the user knows it by,
	 * which may be a symbolic link
	 * @param staging where everything goes that does not lie beside the code
	 * @param beside whether copies lie beside what they are copies of, where that is
	 * possible
	 * @param remarks told what differs from a run without a cluster
	 */
	public CodeSource(JvmCommand command, Path directory, StagingDirectory staging, boolean beside,
			Consumer<String> remarks) {
		this.command = command;
		this.directory = directory;
		this.copies = new GenerationCopies(staging, beside, remarks);
	}

	/**
	 * Take a copy.
	 * @param generation the generation that it is for
	 * @return the copy
	 * @throws IOException if a file is missing, not a complete archive or changing, or if
	 * there is no room for a copy; nothing is left behind then
	 */
	public CodeCopy take(int generation) throws IOException {
		try {
			Path base = WorkingDirectory.nameable(this.directory.toRealPath(), this.directory);
			List<String> main = new ArrayList<>(this.command.main());
			if (main.get(0).equals("-jar")) {
				main.set(1, pin(base, main.get(1), generation, true));
			}
			return new CodeCopy(new JvmCommand(this.command.executable(), options(base, generation), main,
					this.command.arguments()), base);
		}
		catch (IOException ex) {
			discard(generation);
			throw ex;
		}
	}

	/**
	 * Make sure that workers find what a copy names, whatever has been deleted.
	 * @param generation the generation
	 * @param copy the copy
	 * @return what they run from now on
	 * @throws IOException if something is gone that cannot be made anew
	 */
	public CodeCopy restore(int generation, CodeCopy copy) throws IOException {
		return this.copies.restore(generation, copy);
	}

	/**
	 * Make the directory for what else belongs to a generation.
	 * @param generation the generation
	 * @return the directory
	 * @throws IOException if it cannot be made, or somebody else has put something in its
	 * place
	 */
	public Path makeDirectory(int generation) throws IOException {
		return this.copies.directory(generation);
	}

	/**
	 * Delete what belongs to a generation that nobody needs any more.
	 * @param generation the generation
	 */
	public void discard(int generation) {
		this.copies.discard(generation);
	}

	/**
	 * Delete what belongs to any generation.
	 */
	public void discardAll() {
		this.copies.discardAll();
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
		return (isCopied(real, required)) ? this.copies.copy(generation, real).toString() : real.toString();
	}

	// Whatever is a whole application. An archive of the JVM's that the user has made
	// belongs to the very file
	private boolean isCopied(Path file, boolean main) {
		try {
			return Files.isRegularFile(file)
					&& (ApplicationArchive.isExecutable(file) || (main && !ApplicationArchive.hasClassPath(file)
							&& !TrainingOptions.hasOwnArchive(this.command.options())));
		}
		catch (IOException ex) {
			// What the JVM cannot read in a class path it ignores
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
