package io.clusterboot.output;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

import io.clusterboot.channel.Control;
import io.clusterboot.contract.PrimaryAction.Level;

/**
 * Writes the primary's log as Spring Boot writes to the console by default, or as one
 * JSON object per line in the fields of the Elastic Common Schema. Who writes never waits
 * for whoever reads the log.
 */
public final class PrimaryLog {

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
			Locale.ROOT);

	private static final String LOGGER = "io.clusterboot.primary.ClusterPrimary";

	private static final String SHORT_LOGGER = "i.clusterboot.primary.ClusterPrimary";

	private static final long PATIENCE_MILLIS = 1000;

	private final OutputTarget target;

	private final LogQueue lines;

	private final LogHistory history = new LogHistory();

	private final Clock clock;

	private final long pid;

	private final String applicationName;

	private final boolean structured;

	public PrimaryLog(OutputTarget target, Clock clock, long pid, String applicationName, boolean structured) {
		this.target = target;
		this.lines = LogQueue.start(target, this::gap);
		this.clock = clock;
		this.pid = pid;
		this.applicationName = applicationName;
		this.structured = structured;
	}

	/**
	 * Return where the log goes, for others who write there.
	 * @return the target
	 */
	public OutputTarget target() {
		return this.target;
	}

	/**
	 * Return what was printed last, by this log and by workers.
	 * @return the last lines
	 */
	public LogHistory history() {
		return this.history;
	}

	public void info(String text) {
		write(Level.INFO, text);
	}

	public void warn(String text) {
		write(Level.WARN, text);
	}

	public void error(String text) {
		write(Level.ERROR, text);
	}

	public void write(Level level, String text) {
		String line = format(level, text);
		this.lines.add(line);
		this.history.add(Control.Logs.PRIMARY, 0, line.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Wait until everything is printed, but not for long: it may be that nobody reads it.
	 */
	public void flush() {
		try {
			this.lines.flush(PATIENCE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private String gap(int lost) {
		return format(Level.WARN, "Lines lost here because nobody read what the primary prints: %d".formatted(lost));
	}

	private String format(Level level, String text) {
		String time = TIME.format(ZonedDateTime.now(this.clock));
		return (this.structured) ? json(time, level, text) : plain(time, level, text);
	}

	private String plain(String time, Level level, String text) {
		String application = (!this.applicationName.isEmpty()) ? "[" + this.applicationName + "] " : "";
		return "%s %5s %d --- %s[%15.15s] %-40s : %s".formatted(time, level, this.pid, application,
				Thread.currentThread().getName(), SHORT_LOGGER, escapeControls(text));
	}

	private String json(String time, Level level, String text) {
		return ("{\"@timestamp\":\"%s\",\"log\":{\"level\":\"%s\",\"logger\":\"%s\"},\"process\":{\"pid\":%d},"
				+ "\"service\":{\"name\":\"%s\"},\"message\":\"%s\",\"ecs\":{\"version\":\"8.11\"}}")
			.formatted(time, level, LOGGER, this.pid, escape(this.applicationName), escape(text));
	}

	private static String escape(String text) {
		return escapeControls(text.replace("\\", "\\\\").replace("\"", "\\\""));
	}

	// What others have written must neither look like another line of the log nor move a
	// terminal's cursor
	private static String escapeControls(String text) {
		StringBuilder escaped = new StringBuilder(text.length());
		for (char character : text.toCharArray()) {
			if (Character.isISOControl(character) && character != '\t') {
				escaped.append("\\u%04x".formatted((int) character));
			}
			else {
				escaped.append(character);
			}
		}
		return escaped.toString();
	}

}
