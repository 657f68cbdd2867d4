package io.clusterboot.cli.drill;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Why an application did not start, by what it printed last.
 */
final class StartFailure {

	private static final String CAUSE = "Caused by: ";

	private static final String ANALYZED = "Description:";

	private static final String ADVICE = "Action:";

	private static final Pattern EXCEPTION = Pattern
		.compile("(?:Exception in thread \"[^\"]*\" )?[\\w.$]+(?:Exception|Error)\\b.*");

	private static final Pattern FILE = Pattern.compile("(?i)\\block(?:s|ed)?\\b|OverlappingFileLock|"
			+ "already in use by another|being used by another|Unable to acquire|held by");

	private static final Pattern PORT = Pattern.compile("(?i)address already in use|\\bport \\d+|BindException");

	private StartFailure() {
	}

	/**
	 * Find the sentence that says it.
	 * @param output the last lines
	 * @param otherwise what is known where they do not say it
	 * @return the root of the last exception, or what Spring Boot says of it
	 */
	static String cause(List<String> output, String otherwise) {
		int analyzed = output.lastIndexOf(ANALYZED);
		if (analyzed >= 0) {
			String description = String.join(" ",
					output.subList(analyzed + 1, output.size())
						.stream()
						.map(String::strip)
						.takeWhile((line) -> !line.equals(ADVICE))
						.filter((line) -> !line.isEmpty())
						.toList());
			if (!description.isEmpty()) {
				return description;
			}
		}
		@Nullable String found = null;
		for (String line : output) {
			String text = line.strip();
			if (text.startsWith(CAUSE)) {
				found = text.substring(CAUSE.length());
			}
			else if (EXCEPTION.matcher(text).matches()) {
				found = text;
			}
		}
		return (found != null) ? found : otherwise;
	}

	/**
	 * Say what to change so that two workers can run.
	 * @param cause why the second one did not start
	 * @return what to change
	 */
	static String change(String cause) {
		if (PORT.matcher(cause).find()) {
			return "bind port 0, or a port for each worker by ${cluster.worker.offset}";
		}
		if (FILE.matcher(cause).find()) {
			return "let go of what only one process can have, or give each worker its own, for example a file named "
					+ "after ${cluster.worker.name}; work for one worker only belongs under @OncePerCluster";
		}
		return "a worker starts while others serve, at each reload too: let it find what they have changed, "
				+ "or give each its own by ${cluster.worker.name}";
	}

}
