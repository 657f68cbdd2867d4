package io.clusterboot.metrics;

import java.util.ArrayList;
import java.util.List;

import io.prometheus.metrics.model.snapshots.Label;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * What a number is of, as a key: a metric with labels, and which of its numbers it is.
 *
 * @param metric the name of the metric
 * @param part which of its numbers: a letter, and behind it the bound of a bucket, the
 * quantile or the state
 * @param labels names and values in turns
 */
record Point(String metric, String part, List<String> labels) {

	static final char VALUE = 'v';

	static final char COUNT = 'c';

	static final char SUM = 's';

	static final char BUCKET = 'b';

	static final char QUANTILE = 'q';

	static final char STATE = 't';

	/**
	 * The label that says whose number it is.
	 */
	static final String WORKER = "worker";

	private static final String EXPORTED_WORKER = "exported_worker";

	static Point of(String metric, char part, String which, Labels labels) {
		List<String> all = new ArrayList<>();
		for (Label label : labels) {
			all.add(label.getName());
			all.add(label.getValue());
		}
		return new Point(metric, part + which, all);
	}

	/**
	 * Return the same of one worker. A label of that name is renamed, as Prometheus does.
	 * @param slot the worker's slot
	 * @return a point with one label more
	 */
	Point ofWorker(int slot) {
		List<String> all = new ArrayList<>(this.labels);
		for (int i = 0; i < all.size(); i += 2) {
			if (all.get(i).equals(WORKER)) {
				all.set(i, EXPORTED_WORKER);
			}
		}
		all.add(WORKER);
		all.add(String.valueOf(slot));
		return new Point(this.metric, this.part, all);
	}

	char kindOfPart() {
		return this.part.charAt(0);
	}

	String which() {
		return this.part.substring(1);
	}

	Labels labelSet() {
		return Labels.of(this.labels.toArray(String[]::new));
	}

	String key() {
		List<String> words = new ArrayList<>(List.of(this.metric, this.part));
		words.addAll(this.labels);
		return Words.join(words);
	}

	static Point parse(List<String> words) {
		return new Point(words.get(0), words.get(1), words.subList(2, words.size()));
	}

}
