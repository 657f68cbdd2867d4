package io.clusterboot.numbers;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Totals} and {@link Ledger}.
 */
class TotalsTests {

	private static final Series REQUESTS = new Series(Merge.TOTAL, "requests");

	private final Totals totals = new Totals();

	private final Map<Integer, Ledger> ledgers = new HashMap<>();

	@Test
	void totalIsOfTheLivingAndTheDead() {
		report(1, Map.of(REQUESTS, 10.0));
		report(2, Map.of(REQUESTS, 5.0));
		assertThat(numbers()).containsEntry("requests", 15.0);
		this.totals.left(1);
		assertThat(numbers()).containsEntry("requests", 15.0);
		report(3, Map.of(REQUESTS, 1.0));
		report(2, Map.of(REQUESTS, 6.0));
		assertThat(numbers()).containsEntry("requests", 17.0);
	}

	@Test
	void totalWhenNobodyIsLeftRemains() {
		report(1, Map.of(REQUESTS, 10.0));
		this.totals.left(1);
		this.totals.left(1);
		assertThat(numbers()).containsEntry("requests", 10.0);
	}

	@Test
	void totalWhenAWorkerCountsFromTheBeginningAgainGoesOn() {
		report(1, Map.of(REQUESTS, 10.0));
		report(1, Map.of(REQUESTS, 2.0));
		assertThat(numbers()).containsEntry("requests", 12.0);
	}

	@Test
	void totalWhenAWorkerNoLongerHasItRemains() {
		report(1, Map.of(REQUESTS, 10.0));
		report(1, Map.of());
		report(1, Map.of(REQUESTS, 1.0));
		assertThat(numbers()).containsEntry("requests", 11.0);
	}

	@Test
	void totalWhenAWorkerSaysNonsenseStaysWhatItWas() {
		report(1, Map.of(REQUESTS, 10.0));
		report(1, Map.of(REQUESTS, Double.NaN));
		assertThat(numbers()).containsEntry("requests", 10.0);
	}

	@Test
	void totalNeverGetsLessThroughRounding() {
		report(1, Map.of(REQUESTS, 0.1));
		report(2, Map.of(REQUESTS, 0.2));
		report(3, Map.of(REQUESTS, 0.3));
		double before = numbers().get("requests");
		this.totals.left(3);
		this.totals.left(2);
		// 0.3 + 0.2 + 0.1 is less than 0.1 + 0.2 + 0.3
		assertThat(numbers()).containsEntry("requests", before);
	}

	@Test
	void totalWhenANumberGetsALittleLessDoesNotCountItTwice() {
		report(1, Map.of(REQUESTS, 0.1 + 0.2));
		report(1, Map.of(REQUESTS, 0.3));
		assertThat(numbers()).containsEntry("requests", 0.1 + 0.2);
	}

	@Test
	void gaugesFollowTheirRules() {
		Map<Merge, Series> gauges = new LinkedHashMap<>();
		for (Merge merge : List.of(Merge.SUM, Merge.MAX, Merge.MIN, Merge.LAST)) {
			gauges.put(merge, new Series(merge, merge.name()));
		}
		report(1, values(gauges, 3));
		report(3, values(gauges, 1));
		report(2, values(gauges, 2));
		assertThat(numbers()).containsEntry("SUM", 6.0)
			.containsEntry("MAX", 3.0)
			.containsEntry("MIN", 1.0)
			.containsEntry("LAST", 1.0);
		this.totals.left(3);
		this.totals.left(1);
		assertThat(numbers()).containsEntry("SUM", 2.0)
			.containsEntry("MAX", 2.0)
			.containsEntry("MIN", 2.0)
			.containsEntry("LAST", 2.0);
		this.totals.left(2);
		assertThat(numbers()).isEmpty();
	}

	@Test
	void lastIsOfWhoIsHeard() {
		Series load = new Series(Merge.LAST, "load");
		report(1, Map.of(load, 1.0));
		report(2, Map.of(load, 2.0));
		assertThat(numbers(Set.of(2))).containsEntry("load", 1.0);
		assertThat(numbers(Set.of(1, 2))).containsEntry("load", 2.0);
	}

	@Test
	void numberThatIsNoneCountsForNothing() {
		Series largest = new Series(Merge.MAX, "largest");
		report(1, Map.of(largest, Double.NaN));
		assertThat(numbers().get("largest")).isNaN();
		report(2, Map.of(largest, -1.0));
		assertThat(numbers()).containsEntry("largest", -1.0);
	}

	@Test
	void onlyWhatChangesIsTold() {
		Map<Series, Double> numbers = many(500, "");
		assertThat(bytes(1, numbers)).isGreaterThan(10_000);
		assertThat(bytes(1, numbers)).isZero();
		numbers.put(REQUESTS, 1.0);
		assertThat(bytes(1, numbers)).isLessThan(40);
		numbers.put(REQUESTS, 2.0);
		assertThat(bytes(1, numbers)).isLessThan(16);
	}

	@Test
	void longReportsAreCut() {
		List<ByteBuffer> frames = new Ledger().changes(many(5000, ""));
		assertThat(frames).hasSizeGreaterThan(2)
			.allSatisfy((frame) -> assertThat(frame.remaining()).isLessThan(50 * 1024));
		report(1, many(5000, ""));
		assertThat(this.totals.pages(Set.of())).hasSizeGreaterThan(1)
			.allSatisfy((page) -> assertThat(page.remaining()).isLessThan(140 * 1024));
		assertThat(numbers()).hasSize(5000);
	}

	@Test
	void seriesAreBoundedOverAThousandReloads() {
		int worker = 0;
		for (int reload = 0; reload < 1000; reload++) {
			for (int slot = 0; slot < 4; slot++) {
				worker++;
				report(worker, Map.of(REQUESTS, 3.0, new Series(Merge.LAST, "memory of " + slot), 7.0,
						new Series(Merge.LAST, "version " + reload), 1.0));
				this.totals.left(worker - 4);
			}
		}
		assertThat(numbers()).hasSize(6).containsEntry("requests", 12_000.0);
		assertThat(this.totals.refused()).isZero();
	}

	@Test
	void seriesAreBoundedInBytes() {
		for (int worker = 1; worker <= 8; worker++) {
			report(worker, many(5000, "a key that is as long as they are with labels of worker " + worker));
		}
		long size = numbers().size();
		assertThat(size).isBetween(8000L, 20_000L);
		assertThat(this.totals.refused()).isEqualTo(40_000 - size);
		for (int worker = 1; worker <= 8; worker++) {
			this.totals.left(worker);
		}
		report(9, many(5000, "b"));
		assertThat(numbers()).hasSize(5000);
	}

	@Test
	void workerTellsNoMoreSeriesThanItMay() {
		Ledger ledger = new Ledger();
		this.ledgers.put(1, ledger);
		report(1, many(Ledger.MOST_SERIES + 7, ""));
		assertThat(ledger.dropped()).isEqualTo(7);
		report(1, Map.of(new Series(Merge.LAST, "x".repeat(Series.LONGEST_KEY + 1)), 1.0));
		assertThat(ledger.dropped()).isEqualTo(1);
		assertThat(numbers()).isEmpty();
	}

	@Test
	void numbersOfSeriesAreUsedAgain() {
		for (int i = 0; i < 3 * Ledger.MOST_SERIES; i += 1000) {
			report(1, many(1000, "round " + i));
		}
		assertThat(numbers()).hasSize(1000);
		assertThat(this.ledgers.get(1).dropped()).isZero();
	}

	@Test
	void reportWhenItIsNoneFails() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.totals.report(1, ByteBuffer.wrap(new byte[] { 9, 0, 0 })));
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> this.totals.report(1, ByteBuffer.wrap(new byte[] { 2, 0 })));
	}

	private static Map<Series, Double> values(Map<Merge, Series> gauges, double value) {
		Map<Series, Double> values = new HashMap<>();
		gauges.values().forEach((series) -> values.put(series, value));
		return values;
	}

	private static Map<Series, Double> many(int count, String name) {
		Map<Series, Double> numbers = new LinkedHashMap<>();
		for (int i = 0; i < count; i++) {
			numbers.put(new Series(Merge.LAST, name + " a series with the number " + i), (double) i);
		}
		return numbers;
	}

	private int bytes(int worker, Map<Series, Double> numbers) {
		return this.ledgers.computeIfAbsent(worker, (id) -> new Ledger())
			.changes(numbers)
			.stream()
			.mapToInt(ByteBuffer::remaining)
			.sum();
	}

	private void report(int worker, Map<Series, Double> numbers) {
		try {
			for (ByteBuffer frame : this.ledgers.computeIfAbsent(worker, (id) -> new Ledger()).changes(numbers)) {
				this.totals.report(worker, frame);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Map<String, Double> numbers() {
		return numbers(Set.of());
	}

	private Map<String, Double> numbers(Set<Integer> silent) {
		try {
			return Totals.read(this.totals.pages(silent));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
