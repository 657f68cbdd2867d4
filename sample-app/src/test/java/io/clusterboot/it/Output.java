package io.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.TestInfo;

/**
 * The file that the output of a process goes to.
 *
 * @param file the file
 */
record Output(Path file) {

	/**
	 * Create the file for a test, or for the class when it belongs to no single test.
	 * @param test the test
	 * @param name more of the name, where a test has several processes
	 * @return the output
	 */
	static Output of(TestInfo test, String name) {
		String prefix = test.getTestMethod().map((method) -> method.getName()).orElse("shared");
		return of(test.getTestClass().orElseThrow().getSimpleName(), name.isEmpty() ? prefix : prefix + "-" + name);
	}

	static Output of(String directory, String name) {
		try {
			Path file = Files.createDirectories(Path.of("target", "it", directory)).resolve(name + ".log");
			Files.deleteIfExists(file);
			return new Output(Files.createFile(file).toAbsolutePath());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String text() {
		try {
			return new String(Files.readAllBytes(this.file), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	List<String> lines(String regex) {
		Pattern pattern = Pattern.compile(regex);
		return text().lines().filter((line) -> pattern.matcher(line).find()).toList();
	}

	boolean has(String regex) {
		return !lines(regex).isEmpty();
	}

	Stream<String> groups(String regex) {
		return Pattern.compile(regex).matcher(text()).results().map((match) -> match.group(1));
	}

	String group(String regex) {
		Matcher matcher = Pattern.compile(regex).matcher(text());
		if (!matcher.find()) {
			throw new AssertionError("No '%s' in %s:%n%s".formatted(regex, this.file, tail()));
		}
		return matcher.group(1);
	}

	String tail() {
		List<String> lines = text().lines().toList();
		return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
	}

}
