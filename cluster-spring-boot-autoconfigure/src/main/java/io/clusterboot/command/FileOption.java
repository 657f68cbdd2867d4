package io.clusterboot.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives each worker a name of its own for a file that the JVM is told to write.
 */
final class FileOption {

	private static final List<String> FILE_NAMES = List.of("-Xloggc:", "-XX:ErrorFile=", "-XX:LogFile=",
			"-XX:HeapDumpPath=");

	// The output is the second part, colons in quotes do not count:
	// LogConfiguration::parse_command_line_arguments in HotSpot's logConfiguration.cpp
	private static final String LOG_SELECTION = "-Xlog:(?!async:)(?:[^:\"]|\"[^\"]*\")*:";

	private static final Pattern LOG = Pattern.compile(LOG_SELECTION + "file=(?<file>(?:[^:\"]|\"[^\"]*\")+)(?::.*)?");

	// The same without the optional type of the output
	private static final Pattern LOG_UNTYPED = Pattern.compile(LOG_SELECTION + "(?<file>[^:\"=]+)(?::.*)?");

	private static final Pattern RECORDING = Pattern.compile(
			"-XX:StartFlightRecording[:=](?:.*,)?filename=(?<file>\"[^\"]*\"|'[^']*'|[^,]*)(?:,.*)?", Pattern.DOTALL);

	private static final String PROCESS_ID = "%p";

	// JDK 17 takes the process id's place holder in these as it stands
	private static final Pattern LITERAL = Pattern.compile("-XX:(?:HeapDumpPath|StartFlightRecording)[:=].*",
			Pattern.DOTALL);

	private FileOption() {
	}

	/**
	 * Add a suffix to the name of the file, before its extension. A name with {@code %p}
	 * has the process id already where every JVM replaces that, and in a directory the
	 * JVM chooses a name with it.
	 * @param option an option of the JVM
	 * @param suffix the suffix
	 * @return the option with the new name, or as it was
	 */
	static String withSuffix(String option, String suffix) {
		if (option.contains(PROCESS_ID) && !LITERAL.matcher(option).matches()) {
			return option;
		}
		for (String prefix : FILE_NAMES) {
			if (option.startsWith(prefix)) {
				return replace(option, prefix.length(), option.length(), suffix);
			}
		}
		for (Pattern pattern : List.of(LOG, LOG_UNTYPED, RECORDING)) {
			Matcher matcher = pattern.matcher(option);
			if (matcher.matches()) {
				return replace(option, matcher.start("file"), matcher.end("file"), suffix);
			}
		}
		return option;
	}

	private static String replace(String option, int start, int end, String suffix) {
		String name = option.substring(start, end);
		if (name.length() > 1 && "\"'".indexOf(name.charAt(0)) >= 0 && name.endsWith(name.substring(0, 1))) {
			return replace(option, start + 1, end - 1, suffix);
		}
		if (name.isEmpty() || name.endsWith("/") || isStandardStream(name) || isDirectory(name)) {
			return option;
		}
		int extension = name.lastIndexOf('.');
		// A leading dot begins no extension
		if (extension <= name.lastIndexOf('/') + 1) {
			extension = name.length();
		}
		return option.substring(0, start) + name.substring(0, extension) + suffix + name.substring(extension)
				+ option.substring(end);
	}

	private static boolean isStandardStream(String name) {
		return name.equals("stdout") || name.equals("stderr") || name.startsWith("/dev/");
	}

	private static boolean isDirectory(String name) {
		try {
			return Files.isDirectory(Path.of(name));
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

}
