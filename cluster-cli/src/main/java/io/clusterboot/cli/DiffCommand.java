package io.clusterboot.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

import io.clusterboot.channel.GenerationMetrics;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.control.ControlConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Compares two generations.
 */
@Command(name = "diff", mixinStandardHelpOptions = true,
		description = "Compare two generations, the last two if none are named; exit code 1 if the second is worse.")
final class DiffCommand extends Verb {

	// Requests for a share or a percentile to mean something
	private static final int ENOUGH = 100;

	@Parameters(index = "0", paramLabel = "G1", arity = "0..1", description = "The generation that was there first.")
	private @Nullable Integer first;

	@Parameters(index = "1", paramLabel = "G2", arity = "0..1",
			description = "The generation to compare with it; the last one if not given.")
	private @Nullable Integer second;

	@Option(names = "--threshold", paramLabel = "PERCENT", defaultValue = "25",
			description = "How much worse something may be (default: ${DEFAULT-VALUE}).")
	private int threshold;

	@Override
	public Integer call() throws IOException {
		if (this.threshold < 0) {
			throw new CommandFailure(ExitCode.USAGE, "--threshold is at least 0, not " + this.threshold);
		}
		List<GenerationMetrics> known;
		try (ControlConnection connection = this.clusters.connect()) {
			known = connection.ask(Request.Generations::new, Reply.Generations.class).generations();
		}
		GenerationMetrics after = find(known, this.second, 1);
		GenerationMetrics before = find(known, this.first, 2);
		Comparison comparison = compare(before, after, this.threshold);
		if (this.console.isJson()) {
			this.console.print(Json.Document.of(comparison));
		}
		else {
			print(comparison);
		}
		return (comparison.worse()) ? ExitCode.BAD : ExitCode.GOOD;
	}

	private static GenerationMetrics find(List<GenerationMetrics> known, @Nullable Integer wanted, int fromEnd) {
		if (wanted == null) {
			if (known.size() < fromEnd) {
				throw new CommandFailure(ExitCode.BAD, "there is only one generation yet");
			}
			return known.get(known.size() - fromEnd);
		}
		return known.stream()
			.filter((generation) -> generation.generation() == wanted)
			.findFirst()
			.orElseThrow(() -> new CommandFailure(ExitCode.BAD, "generation %d is not known; there are %s"
				.formatted(wanted, known.stream().map(GenerationMetrics::generation).toList())));
	}

	static Comparison compare(GenerationMetrics before, GenerationMetrics after, int threshold) {
		List<Line> lines = new ArrayList<>();
		for (Measure measure : Measure.values()) {
			double from = measure.value.applyAsDouble(before);
			double to = measure.value.applyAsDouble(after);
			// Of what is next to nothing twice as much is not worse
			boolean known = measure.isKnown(before) && measure.isKnown(after);
			boolean worse = known && measure.judged && to - from > measure.noise && to > from * (1 + threshold / 100.0);
			lines.add(new Line(Text.of(measure), from, to, known, worse));
		}
		return new Comparison(before.generation(), after.generation(), lines, lines.stream().anyMatch(Line::worse));
	}

	private void print(Comparison comparison) {
		Table table = new Table("", "GENERATION " + comparison.before(), "GENERATION " + comparison.after(), "CHANGE");
		for (int i = 0; i < Measure.values().length; i++) {
			Measure measure = Measure.values()[i];
			Line line = comparison.lines().get(i);
			table
				.add(line.name(), measure.text.apply(line.before()), measure.text.apply(line.after()),
						((line.known() && line.before() > 0)
								? "%+.0f%%".formatted(100 * (line.after() / line.before() - 1)) : "-")
								+ ((!line.known()) ? " too few requests" : "") + ((line.worse()) ? " worse" : ""));
		}
		List<String> lines = table.lines();
		this.console.out().println(this.console.bold(lines.get(0)));
		for (int i = 1; i < lines.size(); i++) {
			this.console.out()
				.println((comparison.lines().get(i - 1).worse()) ? this.console.bad(lines.get(i)) : lines.get(i));
		}
		this.console.out().flush();
	}

	/**
	 * What is compared.
	 */
	private enum Measure {

		WORKERS(false, 0, (generation) -> generation.starts(), "%.0f"::formatted),
		REQUESTS(false, 0, (generation) -> generation.responses().total(), "%.0f"::formatted),
		START_TIME(true, 1000, (generation) -> per(generation.startTime(), generation.starts()), Measure::millis),
		ERROR_SHARE(true, 0.001, (generation) -> generation.responses().errorShare(),
				(share) -> "%.2f%%".formatted(100 * share)),
		MEAN(true, 2, (generation) -> per(generation.requestTimes().total(), generation.requestTimes().count()),
				Measure::millis),
		P50(true, 2, (generation) -> generation.requestTimes().percentile(0.5).toMillis(), Measure::millis),
		P99(true, 10, (generation) -> generation.requestTimes().percentile(0.99).toMillis(), Measure::millis),
		MEMORY(true, 16 * 1024 * 1024, (generation) -> generation.residentSet(),
				(bytes) -> Text.ofBytes(Math.round(bytes))),
		CPU_PER_REQUEST(true, 1, (generation) -> per(generation.cpuTime(), generation.responses().total()),
				Measure::millis);

		private final boolean judged;

		private final double noise;

		private final ToDoubleFunction<GenerationMetrics> value;

		private final DoubleFunction<String> text;

		Measure(boolean judged, double noise, ToDoubleFunction<GenerationMetrics> value, DoubleFunction<String> text) {
			this.judged = judged;
			this.noise = noise;
			this.value = value;
			this.text = text;
		}

		boolean isKnown(GenerationMetrics generation) {
			return switch (this) {
				case WORKERS, REQUESTS -> true;
				case START_TIME, MEMORY -> generation.starts() > 0;
				default -> generation.responses().total() >= ENOUGH;
			};
		}

		private static double per(Duration sum, long count) {
			return (count > 0) ? sum.toNanos() / 1e6 / count : 0;
		}

		private static String millis(double millis) {
			return "%.1f ms".formatted(millis);
		}

	}

	/**
	 * Two generations side by side.
	 *
	 * @param before the first one
	 * @param after the second one
	 * @param lines what was compared
	 * @param worse whether something is worse by more than the threshold
	 */
	record Comparison(int before, int after, List<Line> lines, boolean worse) {

	}

	/**
	 * One thing that was compared.
	 *
	 * @param name what; times in milliseconds, memory in bytes
	 * @param before what it was
	 * @param after what it is
	 * @param known whether there were requests enough to say so
	 * @param worse whether that is worse by more than the threshold
	 */
	record Line(String name, double before, double after, boolean known, boolean worse) {

	}

}
