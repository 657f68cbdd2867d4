package io.clusterboot.code.training;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.clusterboot.command.JvmCommand;
import org.jspecify.annotations.Nullable;

/**
 * Whether an archive is worth having: the JVM, which ignores one that does not fit, uses
 * it, and loads classes faster with it. What the JVM says besides does not matter.
 */
final class Judgement {

	private static final String WITH = "trial of the archive";

	private static final String WITHOUT = "trial without it";

	// Loaded by the JVM's own class path: 'com.example.Type source: file:/…' or 'jar:…'
	private static final Pattern LOADED = Pattern.compile("(?m)\\] ([\\w.$]+) source: (?:file|jar):");

	private final Path directory;

	private final ArchiveKind kind;

	private final Steps steps;

	private double with;

	private double without;

	/**
	 * Create a judgement.
	 * @param directory where the training start has left its log of classes
	 * @param kind the kind of archive
	 * @param steps what runs the trials
	 */
	Judgement(Path directory, ArchiveKind kind, Steps steps) {
		this.directory = directory;
		this.kind = kind;
		this.steps = steps;
	}

	/**
	 * Return the option with which a JVM tells which classes it loads.
	 * @param directory where
	 * @return the option
	 */
	static String logging(Path directory) {
		return "-Xlog:class+load:file=\"%s\":uptime:filecount=0".formatted(loaded(directory));
	}

	/**
	 * Return a command with the same class path, but without the application.
	 * @param application the command of the application
	 * @param main what is run instead
	 * @param arguments its arguments
	 * @return the command
	 */
	static JvmCommand loading(JvmCommand application, String main, String... arguments) {
		List<String> options = new ArrayList<>(application.options());
		options.addAll(List.of("-cp", application.main().get(1)));
		return new JvmCommand(application.executable(), options, List.of(main), List.of(arguments));
	}

	/**
	 * Try the archive out.
	 * @param application the command of the application
	 * @param archive the options with which a JVM uses the archive
	 * @return what is wrong with it, or {@code null}
	 * @throws IOException if a process cannot be started or a file not be used
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable String reach(JvmCommand application, List<String> archive) throws IOException, InterruptedException {
		Path loaded = loaded(this.directory);
		Path classes = this.directory.resolve("classes.txt");
		Files.write(classes,
				LOADED.matcher(Files.readString(loaded, StandardCharsets.ISO_8859_1))
					.results()
					.map((result) -> result.group(1))
					.toList());
		JvmCommand loading = loading(application, ArchiveTrial.class.getName(), classes.toString());
		List<String> options = new ArrayList<>(archive);
		options.add(logging(this.directory));
		String failure = this.steps.run(WITH, loading, options);
		if (failure == null && !isUsed(loaded)) {
			failure = "the JVM does not use it";
		}
		if (failure == null) {
			failure = this.steps.run(WITHOUT, loading, List.of(logging(this.directory)));
		}
		if (failure != null) {
			return failure;
		}
		Files.delete(loaded);
		this.with = seconds(WITH);
		this.without = seconds(WITHOUT);
		return (this.with >= this.without) ? "it does not help: " + worth() : null;
	}

	/**
	 * Return what it is worth, once it has been tried out.
	 * @return the times with and without it
	 */
	String worth() {
		return String.format(Locale.ROOT, "classes are loaded in %.2f s instead of %.2f", this.with, this.without);
	}

	private boolean isUsed(Path loaded) throws IOException {
		try (Stream<String> lines = Files.lines(loaded, StandardCharsets.ISO_8859_1)) {
			return lines.anyMatch(this.kind::isLoaded);
		}
	}

	private double seconds(String step) throws IOException {
		List<String> lines = Files.readAllLines(Training.output(this.directory, step), StandardCharsets.ISO_8859_1);
		return Long.parseLong(lines.get(lines.size() - 1)) / 1e9;
	}

	private static Path loaded(Path directory) {
		return directory.resolve("classes.log");
	}

	/**
	 * Runs a process to its end.
	 */
	@FunctionalInterface
	interface Steps {

		@Nullable String run(String step, JvmCommand application, List<String> options) throws IOException, InterruptedException;

	}

}
