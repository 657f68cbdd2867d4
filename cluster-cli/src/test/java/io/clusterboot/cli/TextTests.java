package io.clusterboot.cli;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Text}.
 */
class TextTests {

	@Test
	void timesAreToTheSecond() {
		assertThat(Text.of(Instant.parse("2026-11-20T10:05:00.471444468Z"))).isEqualTo("2026-11-20T10:05:00Z");
	}

	@ParameterizedTest
	@CsvSource({ "PT-1S,0s", "PT59.9S,59s", "PT60S,1m 0s", "PT3599S,59m 59s", "PT3600S,1h 0m", "P2DT3H,2d 3h" })
	void durationHasItsTwoLargestUnits(Duration duration, String text) {
		assertThat(Text.of(duration)).isEqualTo(text);
	}

	@ParameterizedTest
	@CsvSource({ "0,0 B", "1023,1023 B", "1024,1.0 KB", "10240,10 KB", "1610612736,1.5 GB" })
	void bytesHaveTwoDigitsAtLeastAndTheLargestUnit(long bytes, String text) {
		assertThat(Text.ofBytes(bytes)).isEqualTo(text);
	}

}
