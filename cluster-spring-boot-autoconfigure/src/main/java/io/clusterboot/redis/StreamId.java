package io.clusterboot.redis;

import java.util.Comparator;

/**
 * The id of what is in a stream of Redis. Ids grow.
 *
 * @param time when it was added, by the clock of Redis
 * @param number its number at that time
 */
record StreamId(long time, long number) implements Comparable<StreamId> {

	/**
	 * Before all others.
	 */
	static final StreamId NONE = new StreamId(0, 0);

	/**
	 * After all others.
	 */
	static final StreamId LAST = new StreamId(Long.MAX_VALUE, 0);

	private static final Comparator<StreamId> ORDER = Comparator.comparingLong(StreamId::time)
		.thenComparingLong(StreamId::number);

	static StreamId parse(String text) {
		int dash = text.indexOf('-');
		return new StreamId(Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
	}

	@Override
	public int compareTo(StreamId other) {
		return ORDER.compare(this, other);
	}

	@Override
	public String toString() {
		return this.time + "-" + this.number;
	}

}
