package io.clusterboot.numbers;

/**
 * What the workers' numbers of one series are together.
 */
final class Total {

	// What a sum of fractions may lose to rounding, which is no new beginning
	private static final double ROUNDING = 1e-9;

	private final Series series;

	private int holders;

	// Of the workers that are gone
	private double gone;

	// What was said last
	private double highest;

	private double current;

	private boolean present;

	Total(Series series) {
		this.series = series;
	}

	Series series() {
		return this.series;
	}

	void hold() {
		this.holders++;
	}

	/**
	 * A worker has the number no more.
	 * @param value what it was
	 * @return whether that makes this one meaningless
	 */
	boolean release(double value) {
		this.holders--;
		if (isTotal()) {
			this.gone += value;
		}
		return this.holders == 0 && !isTotal();
	}

	/**
	 * Return what a number of a worker becomes.
	 * @param before what it was
	 * @param after what the worker says
	 * @return what is to be kept of it
	 */
	double change(double before, double after) {
		if (!isTotal()) {
			return after;
		}
		if (!Double.isFinite(after) || after < before && before - after <= before * ROUNDING) {
			return before;
		}
		if (after < before) {
			// It counts from the beginning again
			this.gone += before;
		}
		return after;
	}

	void begin() {
		this.present = isTotal();
		this.current = this.gone;
	}

	/**
	 * Add a worker's number. Those that are heard of come last, the youngest at the end.
	 * @param value the number
	 */
	void add(double value) {
		this.current = (this.present) ? together(this.current, value) : value;
		this.present = true;
	}

	private double together(double one, double other) {
		if (Double.isNaN(one) || Double.isNaN(other)) {
			return (Double.isNaN(one)) ? other : one;
		}
		return switch (this.series.merge()) {
			case TOTAL, SUM -> one + other;
			case MAX -> Math.max(one, other);
			case MIN -> Math.min(one, other);
			case LAST -> other;
		};
	}

	boolean isPresent() {
		return this.present;
	}

	double value() {
		if (!isTotal()) {
			return this.current;
		}
		// The order in which fractions are added changes when a worker is gone
		this.highest = Math.max(this.highest, this.current);
		return this.highest;
	}

	private boolean isTotal() {
		return this.series.merge() == Merge.TOTAL;
	}

}
