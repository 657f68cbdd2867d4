package io.clusterboot.numbers;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The numbers of all workers, those that are gone included: what they had counted remains
 * counted. Bounded in bytes, so a series for which there is no room is left out.
 */
public final class Totals {

	// Of the series, however many workers have them
	private static final long SERIES_BYTES = 4 * 1024 * 1024;

	private static final int PAGE_LENGTH = 128 * 1024;

	private static final Merge[] MERGES = Merge.values();

	private final Map<Series, Total> totals = new LinkedHashMap<>();

	// The youngest last
	private final Map<Integer, Account> accounts = new TreeMap<>();

	private long bytes;

	private long refused;

	/**
	 * Take what a worker says.
	 * @param worker its id
	 * @param frame what its {@link Ledger} has written
	 * @throws IOException if it is something else
	 */
	public void report(int worker, ByteBuffer frame) throws IOException {
		Account account = this.accounts.computeIfAbsent(worker, (id) -> new Account());
		DataInputStream in = new DataInputStream(
				new ByteArrayInputStream(frame.array(), frame.arrayOffset() + frame.position(), frame.remaining()));
		while (in.available() > 0) {
			int kind = in.readByte();
			int id = in.readUnsignedShort();
			switch (kind) {
				case Ledger.DEFINED -> define(account, id, in);
				case Ledger.COUNTED -> account.count(id, in.readDouble());
				case Ledger.GONE -> account.release(id, this::forget);
				default -> throw new IOException("An entry of kind %d is not allowed".formatted(kind));
			}
		}
	}

	private void define(Account account, int id, DataInputStream in) throws IOException {
		int merge = in.readUnsignedByte();
		Series series = new Series(MERGES[Math.min(merge, MERGES.length - 1)], in.readUTF());
		double value = in.readDouble();
		account.release(id, this::forget);
		Total total = this.totals.get(series);
		if (total == null) {
			if (id >= Ledger.MOST_SERIES || this.bytes + series.size() > SERIES_BYTES) {
				this.refused++;
				return;
			}
			total = new Total(series);
			this.totals.put(series, total);
			this.bytes += series.size();
		}
		account.define(id, total, value);
	}

	private void forget(Total total) {
		this.totals.remove(total.series());
		this.bytes -= total.series().size();
	}

	/**
	 * A worker is gone.
	 * @param worker its id
	 */
	public void left(int worker) {
		Account account = this.accounts.remove(worker);
		if (account != null) {
			account.releaseAll(this::forget);
		}
	}

	/**
	 * Return how many series were left out, those of each worker by themselves.
	 * @return a number of series
	 */
	public long refused() {
		return this.refused;
	}

	/**
	 * Write what the numbers are together.
	 * @param silent the workers that have not been heard of for a while
	 * @return pages for {@link #read}, of which there is at least one
	 */
	public List<ByteBuffer> pages(Set<Integer> silent) {
		this.totals.values().forEach(Total::begin);
		Set<Integer> heard = new HashSet<>(this.accounts.keySet());
		heard.removeAll(silent);
		this.accounts.forEach((worker, account) -> {
			if (!heard.contains(worker)) {
				account.addUp();
			}
		});
		this.accounts.forEach((worker, account) -> {
			if (heard.contains(worker)) {
				account.addUp();
			}
		});
		Frames frames = new Frames(PAGE_LENGTH);
		this.totals.values().stream().filter(Total::isPresent).forEach((total) -> frames.write((out) -> {
			out.writeUTF(total.series().key());
			out.writeDouble(total.value());
		}));
		return frames.all();
	}

	/**
	 * Read pages.
	 * @param pages what {@link #pages} has written
	 * @return numbers by key
	 * @throws IOException if it is something else
	 */
	public static Map<String, Double> read(List<ByteBuffer> pages) throws IOException {
		Map<String, Double> numbers = new LinkedHashMap<>();
		for (ByteBuffer page : pages) {
			DataInputStream in = new DataInputStream(
					new ByteArrayInputStream(page.array(), page.arrayOffset() + page.position(), page.remaining()));
			while (in.available() > 0) {
				numbers.put(in.readUTF(), in.readDouble());
			}
		}
		return numbers;
	}

}
