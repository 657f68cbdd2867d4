package io.clusterboot.cli.drill;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.clusterboot.cli.drill.Sample.Result;

/**
 * What requests saw in one part of the drill.
 *
 * @param samples those that ended in it, and those that had not ended when it did
 */
record Window(List<Sample> samples) {

	Window {
		samples = List.copyOf(samples);
	}

	Window without(Collection<String> paths) {
		return only((sample) -> !paths.contains(sample.path()));
	}

	Window only(Predicate<Sample> condition) {
		return new Window(this.samples.stream().filter(condition).toList());
	}

	Window and(Window other) {
		return new Window(Stream.concat(this.samples.stream(), other.samples.stream()).toList());
	}

	Window failed() {
		return only(Sample::isFailed);
	}

	long count(Result result) {
		return this.samples.stream().filter((sample) -> sample.result() == result).count();
	}

	boolean isEmpty() {
		return this.samples.isEmpty();
	}

	int size() {
		return this.samples.size();
	}

	/**
	 * Return how long answers took.
	 * @param share of all answers
	 * @return that none of them took longer than
	 */
	Duration percentile(double share) {
		List<Duration> sorted = this.samples.stream()
			.filter((sample) -> sample.result() == Result.ANSWERED)
			.map(Sample::took)
			.sorted()
			.toList();
		return (!sorted.isEmpty()) ? sorted.get((int) Math.ceil(share * sorted.size()) - 1) : Duration.ZERO;
	}

	/**
	 * Return how long the slowest request took, be it answered or not.
	 * @return how long
	 */
	Duration slowest() {
		return this.samples.stream().map(Sample::took).max(Duration::compareTo).orElse(Duration.ZERO);
	}

	Map<String, Window> byPath() {
		return this.samples.stream()
			.collect(Collectors.groupingBy(Sample::path, TreeMap::new,
					Collectors.collectingAndThen(Collectors.toList(), Window::new)));
	}

	/**
	 * Say what happened to how many.
	 * @return for example {@code 3 of /slow (Connection reset)}
	 */
	String describe() {
		return byPath().entrySet()
			.stream()
			.map((entry) -> "%d of %s (%s)".formatted(entry.getValue().size(), entry.getKey(),
					entry.getValue()
						.samples()
						.stream()
						.map(Sample::detail)
						.distinct()
						.collect(Collectors.joining(", "))))
			.collect(Collectors.joining(", "));
	}

}
