package io.clusterboot.worker.warmup;

import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LatencyCurve}.
 */
class LatencyCurveTests {

	private long now;

	private long compiled;

	private final LatencyCurve curve = new LatencyCurve(2, () -> this.compiled, 0);

	@Test
	void curveIsFlatWhenSeveralRoundsAreNoBetterThanTheBest() {
		round(900);
		round(100);
		round(10);
		round(9.5);
		round(9.5);
		assertThat(this.curve.isFlat()).isFalse();
		round(9.5);
		assertThat(this.curve.isFlat()).isTrue();
		assertThat(this.curve.last()).isEqualTo(nanos(9.5));
	}

	@Test
	void curveIsNotFlatWhileCompilersHaveMuchToDo() {
		for (int i = 0; i < LatencyCurve.FLAT * 2; i++) {
			this.compiled += LatencyCurve.ROUND.toNanos() / 2;
			round(10);
			assertThat(this.curve.isFlat()).isFalse();
		}
		for (int i = 0; i < LatencyCurve.FLAT; i++) {
			assertThat(this.curve.isFlat()).isFalse();
			this.compiled += LatencyCurve.ROUND.toNanos() / 5;
			round(10);
		}
		assertThat(this.curve.isFlat()).isTrue();
	}

	@Test
	void curveIsNotFlatWhileOneOfAFewRoundsIsBetter() {
		double millis = 1000;
		for (int i = 0; i < 20; i++) {
			round(millis);
			round(millis);
			round(millis);
			millis *= 0.85;
			assertThat(this.curve.isFlat()).isFalse();
		}
	}

	@Test
	void slowRoundIsNotTakenForTheLevelToImproveOn() {
		round(10);
		round(50);
		round(10);
		round(10);
		assertThat(this.curve.isFlat()).isTrue();
	}

	@Test
	void roundIsNotOverBeforeEveryRequestWasInIt() {
		for (int i = 0; i < LatencyCurve.FLAT * 2; i++) {
			add(2000);
			assertThat(this.curve.isFlat()).isFalse();
		}
	}

	@Test
	void lastWithoutAWholeRoundIsTheMeanSoFar() {
		assertThat(this.curve.last()).isZero();
		add(10);
		add(30);
		assertThat(this.curve.last()).isEqualTo(nanos(20));
	}

	private void round(double millis) {
		long begin = this.now;
		add(millis);
		do {
			add(millis);
		}
		while (this.now - begin < LatencyCurve.ROUND.toNanos());
	}

	private void add(double millis) {
		this.now += nanos(millis);
		this.curve.add(nanos(millis), this.now);
	}

	private static long nanos(double millis) {
		return (long) (millis * TimeUnit.MILLISECONDS.toNanos(1));
	}

}
