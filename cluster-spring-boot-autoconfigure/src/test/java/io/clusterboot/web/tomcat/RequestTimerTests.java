package io.clusterboot.web.tomcat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import io.clusterboot.RequestTimes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RequestTimer}.
 */
class RequestTimerTests {

	private final RequestTimer timer = new RequestTimer();

	@ParameterizedTest
	@CsvSource({ "0, 0", "999999, 0", "1000000, 0", "1000001, 1", "2000000, 1", "10000000, 3", "10000001, 4",
			"60000000000, 14", "60000000001, 15", "9223372036854775807, 15" })
	void countCountsUpToAndIncludingTheBound(long nanos, int index) {
		this.timer.count(nanos);
		assertThat(this.timer.times()).isEqualTo(new RequestTimes(Duration.ofNanos(nanos), only(index)));
	}

	@Test
	void countAddsUp() {
		this.timer.count(Duration.ofMillis(3).toNanos());
		this.timer.count(Duration.ofMillis(4).toNanos());
		assertThat(this.timer.times().total()).isEqualTo(Duration.ofMillis(7));
		assertThat(this.timer.times().counts().get(2)).isEqualTo(2);
	}

	@Test
	void countWhenTimeIsNegativeIsNothing() {
		this.timer.count(-1);
		assertThat(this.timer.times()).isEqualTo(new RequestTimes(Duration.ZERO, only(0)));
	}

	private static List<Long> only(int index) {
		List<Long> counts = new ArrayList<>(Collections.nCopies(RequestTimes.BOUNDS_MILLIS.size() + 1, 0L));
		counts.set(index, 1L);
		return counts;
	}

}
