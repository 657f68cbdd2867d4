package io.clusterboot.primary;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PrimaryClock}.
 */
class PrimaryClockTests {

	private static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

	private long nanos = Long.MAX_VALUE - 5;

	private final PrimaryClock clock = new PrimaryClock(START, () -> this.nanos);

	@Test
	void nowWhenLookedAtOftenIsWhatWentBy() {
		for (int i = 0; i < 90; i++) {
			assertThat(after(Duration.ofSeconds(1))).isEqualTo(START.plusSeconds(i + 1));
		}
		assertThat(after(Duration.ofSeconds(2))).isEqualTo(START.plusSeconds(92));
		assertThat(after(Duration.ZERO)).isEqualTo(START.plusSeconds(92));
	}

	@Test
	void nowWhenStoppedDoesNotCountThat() {
		after(Duration.ofSeconds(1));
		assertThat(after(Duration.ofSeconds(90))).isEqualTo(START.plusSeconds(1));
		assertThat(after(Duration.ofHours(90))).isEqualTo(START.plusSeconds(1));
	}

	@Test
	void nowWhenStoppedBeforeGoesOn() {
		after(Duration.ofSeconds(90));
		assertThat(after(Duration.ofMillis(1500))).isEqualTo(START.plusMillis(1500));
	}

	private Instant after(Duration passed) {
		this.nanos += passed.toNanos();
		return this.clock.now();
	}

}
