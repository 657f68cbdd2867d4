package io.clusterboot.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Values in words.
 */
final class Text {

	private static final String[] UNITS = { "B", "KB", "MB", "GB", "TB" };

	private Text() {
	}

	static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static String ofBytes(long bytes) {
		double value = bytes;
		int unit = 0;
		while (value >= 1024 && unit < UNITS.length - 1) {
			value /= 1024;
			unit++;
		}
		return String.format(Locale.ROOT, (value < 10 && unit > 0) ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
	}

	/**
	 * Write when something was, to the second: what is listed is read by people.
	 * @param time when
	 * @return for example {@code 2026-11-20T10:05:00Z}
	 */
	static String of(Instant time) {
		return time.truncatedTo(ChronoUnit.SECONDS).toString();
	}

	/**
	 * Write how long something lasts, in its two largest units.
	 * @param duration how long
	 * @return for example {@code 3d 4h}
	 */
	static String of(Duration duration) {
		long seconds = Math.max(0, duration.toSeconds());
		if (seconds < 60) {
			return seconds + "s";
		}
		if (seconds < 3600) {
			return "%dm %ds".formatted(seconds / 60, seconds % 60);
		}
		if (seconds < 86_400) {
			return "%dh %dm".formatted(seconds / 3600, seconds % 3600 / 60);
		}
		return "%dd %dh".formatted(seconds / 86_400, seconds % 86_400 / 3600);
	}

	static String ofMillis(Duration duration) {
		return duration.toMillis() + " ms";
	}

	static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
	}

	static String count(int count, String what) {
		return "%d %s%s".formatted(count, what, (count == 1) ? "" : "s");
	}

}
