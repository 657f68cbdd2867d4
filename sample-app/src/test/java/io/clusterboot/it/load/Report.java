package io.clusterboot.it.load;

import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of the requests. Rendered it is one {@code name=value} a line.
 */
final class Report {

	private static final int TEXTS = 5;

	// How many nanoseconds a bucket of the histogram is wide
	private static final long BUCKET = 100_000;

	private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

	private final Map<Failure, Integer> failures = new EnumMap<>(Failure.class);

	private final List<String> texts = new ArrayList<>();

	private final int[] histogram;

	private int answered;

	private long slowest;

	private long lag;

	private Duration time = Duration.ZERO;

	Report(Duration deadline) {
		this.histogram = new int[(int) (deadline.toNanos() / BUCKET) + 1];
	}

	void answered(long nanos) {
		this.answered++;
		this.slowest = Math.max(this.slowest, nanos);
		this.histogram[(int) Math.min(nanos / BUCKET, this.histogram.length - 1)]++;
	}

	void failed(Failure kind, String text, long nanos) {
		this.failures.merge(kind, 1, Integer::sum);
		if (this.texts.size() < TEXTS) {
			this.texts.add("%s %s after %d ms: %s".formatted(TIME.format(LocalTime.now()), kind.text(),
					nanos / 1_000_000, text));
		}
	}

	/**
	 * The client itself did not look at its connections for a time.
	 * @param nanos how long
	 */
	void lagged(long nanos) {
		this.lag = Math.max(this.lag, nanos);
	}

	void ended(Duration time) {
		this.time = time;
	}

	int complete() {
		return this.answered + failed();
	}

	int failed() {
		return this.failures.values().stream().mapToInt(Integer::intValue).sum();
	}

	int failed(Failure kind) {
		return this.failures.getOrDefault(kind, 0);
	}

	List<String> texts() {
		return this.texts;
	}

	private double percentile(double share) {
		long rank = (long) Math.ceil(share * this.answered);
		int bucket = 0;
		for (long seen = this.histogram[0]; seen < rank; seen += this.histogram[bucket]) {
			bucket++;
		}
		return bucket * BUCKET / 1e6;
	}

	@Override
	public String toString() {
		StringBuilder lines = new StringBuilder();
		lines.append("complete=%d%nfailed=%d%n".formatted(complete(), failed()));
		for (Failure kind : Failure.values()) {
			lines.append("failed.%s=%d%n".formatted(kind.text(), failed(kind)));
		}
		lines.append("slowest.millis=%d%n".formatted(this.slowest / 1_000_000));
		lines.append(
				String.format(Locale.ROOT, "p50.millis=%.1f%np99.millis=%.1f%n", percentile(0.5), percentile(0.99)));
		lines.append("lag.millis=%d%n".formatted(this.lag / 1_000_000));
		lines.append("requests.per.second=%d%n".formatted(complete() * 1000L / Math.max(1, this.time.toMillis())));
		this.texts.forEach((text) -> lines.append("failure=%s%n".formatted(text)));
		return lines.toString();
	}

}
