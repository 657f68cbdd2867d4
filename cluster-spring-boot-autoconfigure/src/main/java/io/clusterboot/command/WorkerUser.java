package io.clusterboot.command;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Who workers are once their prefix has made them somebody else.
 *
 * @param user the number of the user
 * @param group the number of the group
 */
public record WorkerUser(int user, int group) {

	// Real, effective, saved and that of the file system, see proc_pid_status(5)
	private static final Pattern STATUS = Pattern
		.compile("(?s).*^Uid:(?:\\t\\d+){3}\\t(\\d+)$.*^Gid:(?:\\t\\d+){3}\\t(\\d+)$.*", Pattern.MULTILINE);

	private static final int SECONDS = 10;

	/**
	 * Ask.
	 * @param command how workers are started
	 * @return who they are or {@code null} if nobody can tell
	 */
	public static @Nullable WorkerUser find(WorkerCommand command) {
		ProcessBuilder builder = new ProcessBuilder(command.prefixed(List.of("cat", "/proc/self/status")).command())
			.redirectInput(new File("/dev/null"))
			.redirectError(ProcessBuilder.Redirect.DISCARD);
		try {
			Process process = builder.start();
			try (InputStream output = process.getInputStream()) {
				// It fits into the pipe
				if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
					process.destroyForcibly();
					return null;
				}
				return parse(new String(output.readAllBytes(), StandardCharsets.ISO_8859_1));
			}
		}
		catch (IOException ex) {
			return null;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
	}

	public static @Nullable WorkerUser parse(String status) {
		Matcher matcher = STATUS.matcher(status);
		return (matcher.matches())
				? new WorkerUser(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))) : null;
	}

	public void own(Path path) throws IOException {
		Files.setAttribute(path, "unix:gid", this.group);
		Files.setAttribute(path, "unix:uid", this.user);
	}

}
