package io.clusterboot.cli.drill;

import java.time.Duration;
import java.util.Locale;

/**
 * What was measured, in words.
 */
final class Words {

	private Words() {
	}

	static String seconds(Duration duration) {
		return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
	}

	/**
	 * Say how requests fared.
	 * @param window the requests
	 * @return for example {@code 60 requests, p99 12 ms, slowest 20 ms}
	 */
	static String requests(Window window) {
		return "%s, p99 %d ms, slowest %d ms".formatted(count(window.size(), "request"),
				window.percentile(0.99).toMillis(), window.slowest().toMillis());
	}

	static String count(long count, String what) {
		return "%d %s%s".formatted(count, what, (count == 1) ? "" : "s");
	}

}
