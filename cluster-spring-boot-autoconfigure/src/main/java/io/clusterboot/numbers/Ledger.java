package io.clusterboot.numbers;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What a worker has told of its numbers, so that it tells only what is new. A series is
 * told by its key once, and by a small number from then on.
 */
public final class Ledger {

	/**
	 * How many series a worker may have.
	 */
	public static final int MOST_SERIES = 20_000;

	static final int DEFINED = 1;

	static final int COUNTED = 2;

	static final int GONE = 3;

	// Below what the channel takes for long
	private static final int FRAME_LENGTH = 40 * 1024;

	private final Map<Series, Told> told = new HashMap<>();

	private final Deque<Integer> free = new ArrayDeque<>();

	private int dropped;

	/**
	 * Write what has changed.
	 * @param numbers the numbers as they are now
	 * @return frames for {@link Totals#report}, of which there is at least one
	 */
	public List<ByteBuffer> changes(Map<Series, Double> numbers) {
		Frames frames = new Frames(FRAME_LENGTH);
		forget(numbers, frames);
		this.dropped = 0;
		numbers.forEach((series, value) -> tell(series, value, frames));
		return frames.all();
	}

	/**
	 * Return how many series there is no room for.
	 * @return a number of series
	 */
	public int dropped() {
		return this.dropped;
	}

	private void forget(Map<Series, Double> numbers, Frames frames) {
		for (Iterator<Map.Entry<Series, Told>> all = this.told.entrySet().iterator(); all.hasNext();) {
			Map.Entry<Series, Told> entry = all.next();
			if (!numbers.containsKey(entry.getKey())) {
				int id = entry.getValue().id;
				frames.write((out) -> {
					out.writeByte(GONE);
					out.writeShort(id);
				});
				this.free.add(id);
				all.remove();
			}
		}
	}

	private void tell(Series series, double value, Frames frames) {
		Told known = this.told.get(series);
		if (known == null) {
			if (series.key().length() > Series.LONGEST_KEY || this.told.size() == MOST_SERIES) {
				this.dropped++;
				return;
			}
			Told fresh = new Told((this.free.isEmpty()) ? this.told.size() : this.free.remove(), value);
			this.told.put(series, fresh);
			frames.write((out) -> {
				out.writeByte(DEFINED);
				out.writeShort(fresh.id);
				out.writeByte(series.merge().ordinal());
				out.writeUTF(series.key());
				out.writeDouble(value);
			});
		}
		else if (Double.compare(known.value, value) != 0) {
			known.value = value;
			frames.write((out) -> {
				out.writeByte(COUNTED);
				out.writeShort(known.id);
				out.writeDouble(value);
			});
		}
	}

	private static final class Told {

		private final int id;

		private double value;

		Told(int id, double value) {
			this.id = id;
			this.value = value;
		}

	}

}
