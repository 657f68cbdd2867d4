package io.clusterboot.metrics;

import java.util.List;

import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import org.jspecify.annotations.Nullable;

/**
 * A metric but for its numbers, as a key.
 *
 * @param kind its kind
 * @param name its name
 * @param unit its unit, or empty
 * @param help what it means, or empty
 */
record Family(Kind kind, String name, String unit, String help) {

	// No metric has that name
	private static final String MARK = "#";

	static Family of(MetricSnapshot metric) {
		MetricMetadata metadata = metric.getMetadata();
		Unit unit = metadata.getUnit();
		String help = metadata.getHelp();
		return new Family(Kind.of(metric), metadata.getName(), (unit != null) ? unit.toString() : "",
				(help != null) ? help : "");
	}

	String key() {
		return Words.join(List.of(MARK, this.kind.name(), this.name, this.unit, this.help));
	}

	static @Nullable Family parse(List<String> words) {
		return (words.get(0).equals(MARK))
				? new Family(Kind.valueOf(words.get(1)), words.get(2), words.get(3), words.get(4)) : null;
	}

	MetricMetadata metadata() {
		return new MetricMetadata(this.name, this.help, (!this.unit.isEmpty()) ? new Unit(this.unit) : null);
	}

}
