package io.clusterboot.numbers;

import java.util.Arrays;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * The numbers of one worker, by the small numbers that it uses for its series.
 */
final class Account {

	private static final int FIRST = 256;

	private @Nullable Total[] totals = new Total[FIRST];

	private double[] values = new double[FIRST];

	void define(int id, Total total, double value) {
		if (id >= this.totals.length) {
			int length = Math.min(Math.max(id + 1, 2 * this.totals.length), Ledger.MOST_SERIES);
			this.totals = Arrays.copyOf(this.totals, length);
			this.values = Arrays.copyOf(this.values, length);
		}
		total.hold();
		this.totals[id] = total;
		this.values[id] = total.change(0, value);
	}

	void count(int id, double value) {
		Total total = find(id);
		if (total != null) {
			this.values[id] = total.change(this.values[id], value);
		}
	}

	void release(int id, Consumer<Total> meaningless) {
		Total total = find(id);
		if (total != null) {
			this.totals[id] = null;
			if (total.release(this.values[id])) {
				meaningless.accept(total);
			}
		}
	}

	void releaseAll(Consumer<Total> meaningless) {
		for (int id = 0; id < this.totals.length; id++) {
			release(id, meaningless);
		}
	}

	void addUp() {
		for (int id = 0; id < this.totals.length; id++) {
			Total total = this.totals[id];
			if (total != null) {
				total.add(this.values[id]);
			}
		}
	}

	private @Nullable Total find(int id) {
		return (id < this.totals.length) ? this.totals[id] : null;
	}

}
