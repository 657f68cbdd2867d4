package io.clusterboot.worker.watch;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GcDetector}.
 */
class GcDetectorTests {

	private Duration gcTime = Duration.ofSeconds(500);

	private Duration cpuTime = Duration.ofSeconds(1000);

	private final GcDetector detector = new GcDetector(() -> this.gcTime, () -> this.cpuTime);

	@Test
	void lookWhenNextToAllTimeGoesIntoCollectionsFindsThatAfterHalfAMinute() {
		assertThat(look(29, 1000, 990)).isNull();
		assertThat(look(1, 1000, 990)).isEqualTo("Garbage collections took 99.0 % of the last 30 s");
	}

	@Test
	void lookWhenApplicationGetsSomeTimeFindsNothing() {
		assertThat(look(300, 1000, 980)).isNull();
	}

	@Test
	void lookOnlyCountsTheLastHalfMinute() {
		assertThat(look(300, 1000, 0)).isNull();
		assertThat(look(29, 1000, 1000)).isNull();
		assertThat(look(1, 1000, 1000)).isNotNull();
	}

	@Test
	void lookWhenOneSecondWasGoodWaitsUntilThatIsHalfAMinuteAgo() {
		assertThat(look(29, 1000, 1000)).isNull();
		assertThat(look(1, 1000, 300)).isNull();
		assertThat(look(29, 1000, 1000)).isNull();
		assertThat(look(1, 1000, 1000)).isNotNull();
	}

	@Test
	void lookWhenCollectionsEndInAnotherTickThanTheyBeganFindsThatAsWell() {
		for (int tick = 0; tick < 7; tick++) {
			assertThat(look(1, 2000, 1000)).isNull();
			assertThat(look(1, 2000, 2950)).isNull();
		}
		assertThat(look(1, 2000, 2000)).isEqualTo("Garbage collections took 98.8 % of the last 30 s");
	}

	@Test
	void lookWhenCollectionsTakeLongerThanATickFindsThatAsSoon() {
		assertThat(look(2, 10_000, 9950)).isNull();
		assertThat(look(2, 10_000, 9950)).isEqualTo("Garbage collections took 99.5 % of the last 39 s");
	}

	@Test
	void lookWhenLongCollectionsLeaveSomeTimeFindsNothing() {
		assertThat(look(100, 5000, 4000)).isNull();
	}

	@Test
	void lookWhenProcessWasStoppedDuringACollectionDoesNotCountThatTime() {
		this.gcTime = this.gcTime.plusSeconds(90);
		assertThat(this.detector.look(Tick.of(Duration.ofSeconds(91)))).isNull();
		assertThat(look(28, 1000, 1000)).isNull();
	}

	private @Nullable String look(int ticks, int elapsedMillis, int gcMillis) {
		String found = null;
		for (int tick = 0; tick < ticks && found == null; tick++) {
			this.gcTime = this.gcTime.plusMillis(gcMillis);
			this.cpuTime = this.cpuTime.plusMillis(2L * gcMillis);
			found = this.detector.look(Tick.of(Duration.ofMillis(elapsedMillis)));
		}
		return found;
	}

}
