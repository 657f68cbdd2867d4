package io.clusterboot.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The file in which a JVM that crashes says what it was doing, {@code hs_err}. HotSpot
 * writes it where {@code -XX:ErrorFile} says, else into its working directory, else into
 * {@code /tmp}: {@code prepare_log_file} in its {@code vmError.cpp}.
 */
final class ErrorFile {

	private static final String OPTION = "-XX:ErrorFile=";

	private static final String PID = "%p";

	private static final String UID = "unix:uid";

	private static final String NAME = "hs_err_pid%p.log";

	private static final String FALLBACK = "/tmp/" + NAME;

	// In which HotSpot says whose file it is
	private static final int HEAD = 8 * 1024;

	private ErrorFile() {
	}

	/**
	 * Find the file of one process.
	 * @param pid its process id
	 * @param started when it was started: what is older was left by another one
	 * @param directory its working directory
	 * @param options its options
	 * @param owned whether it was this process's user: anybody can put a file of that
	 * name into {@code /tmp}
	 * @return the absolute path of the file, or {@code null} if there is none
	 */
	static @Nullable Path find(long pid, Instant started, Path directory, Collection<String> options, boolean owned) {
		Stream<String> chosen = options.stream()
			.filter((option) -> option.startsWith(OPTION))
			.map((option) -> option.substring(OPTION.length()));
		return Stream.concat(chosen, Stream.of(NAME, FALLBACK))
			.map((name) -> name.replace(PID, String.valueOf(pid)))
			.filter((name) -> isFile(name, directory))
			.map(directory::resolve)
			.filter((file) -> isOf(pid, started, file) && (!owned || isOwned(file)))
			.findFirst()
			.orElse(null);
	}

	private static boolean isFile(String name, Path directory) {
		try {
			return Files.isRegularFile(directory.resolve(name));
		}
		catch (InvalidPathException ex) {
			return false;
		}
	}

	private static boolean isOwned(Path file) {
		try {
			return Files.getAttribute(file, UID).equals(Files.getAttribute(Path.of("/proc/self"), UID));
		}
		catch (IOException ex) {
			return false;
		}
	}

	// Several workers can have one name for it, such as the old and the new one of a
	// slot.
	// The time of a file lags a bit behind the clock, on some file systems up to a second
	private static boolean isOf(long pid, Instant started, Path file) {
		try (InputStream content = Files.newInputStream(file)) {
			return !Files.getLastModifiedTime(file).toInstant().isBefore(started.truncatedTo(ChronoUnit.SECONDS))
					&& new String(content.readNBytes(HEAD), StandardCharsets.UTF_8).contains("pid=" + pid + ",");
		}
		catch (IOException ex) {
			return false;
		}
	}

}
