package io.clusterboot.code.training;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds the line that says most in the output of a Java process that has failed.
 */
final class TrainingOutput {

	// The log of an application that fails may be long, its end is what counts
	private static final int READ = 128 * 1024;

	private static final int WIDTH = 240;

	private static final String FAILURE_ANALYSIS = "Description:";

	// Harmless: what is said of each class that an archive cannot hold
	private static final Pattern NOISE = Pattern
		.compile(".*\\[warning\\s*]\\[(?:cds|aot)].*|(?:NOTE: )?Picked up .*|\\s*|\\s+at .*|\\s+\\.\\.\\. .*");

	private static final Pattern ERROR = Pattern
		.compile(".*(?:\\bERROR\\b|\\[error\\s*]|[Ee]rror:|Exception|Error\\b).*");

	private TrainingOutput() {
	}

	/**
	 * Find the most telling line.
	 * @param file the output
	 * @return the line, or {@code null} if there is none
	 */
	static @Nullable String tellingLine(Path file) {
		List<String> lines = lines(file);
		int description = lines.lastIndexOf(FAILURE_ANALYSIS);
		if (description >= 0 && description < lines.size() - 1) {
			return shorten(lines.get(description + 1));
		}
		String cause = last(lines, (line) -> line.startsWith("Caused by: "));
		String error = (cause != null) ? cause
				: lines.stream().filter((line) -> ERROR.matcher(line).matches()).findFirst().orElse(null);
		String line = (error != null) ? error : last(lines, (any) -> true);
		return (line != null) ? shorten(line) : null;
	}

	private static @Nullable String last(List<String> lines, Predicate<String> predicate) {
		return lines.stream().filter(predicate).reduce((first, second) -> second).orElse(null);
	}

	private static String shorten(String line) {
		String text = line.strip();
		return (text.length() <= WIDTH) ? text : text.substring(0, WIDTH) + "…";
	}

	private static List<String> lines(Path file) {
		try (RandomAccessFile output = new RandomAccessFile(file.toFile(), "r")) {
			output.seek(Math.max(0, output.length() - READ));
			byte[] end = new byte[(int) (output.length() - output.getFilePointer())];
			output.readFully(end);
			return new String(end, StandardCharsets.UTF_8).lines()
				.filter((line) -> !NOISE.matcher(line).matches())
				.toList();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

}
