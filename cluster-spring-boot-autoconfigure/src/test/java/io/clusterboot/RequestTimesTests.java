package io.clusterboot;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RequestTimes}.
 */
class RequestTimesTests {

	@ParameterizedTest
	@CsvSource({ "0, 1", "0.5, 1", "0.9, 1", "0.91, 200", "0.99, 200", "0.991, 60000", "1, 60000" })
	void percentileIsTheBoundThatTheShareDoesNotExceed(double share, long millis) {
		assertThat(times(90, 1, 9, 150, 1, 70_000).percentile(share)).isEqualTo(Duration.ofMillis(millis));
	}

	@ParameterizedTest
	@CsvSource({ "0, 1", "1, 1", "2, 2", "3, 5", "60000, 60000", "60001, 60000" })
	void percentileOfOneRequestIsItsBound(long took, long millis) {
		RequestTimes times = times(1, took);
		assertThat(times.percentile(0)).isEqualTo(times.percentile(1)).isEqualTo(Duration.ofMillis(millis));
	}

	@Test
	void timesOfNoRequestsAreZero() {
		assertThat(RequestTimes.NONE.count()).isZero();
		assertThat(RequestTimes.NONE.mean()).isZero();
		assertThat(RequestTimes.NONE.percentile(0.99)).isZero();
	}

	@ParameterizedTest
	@ValueSource(doubles = { -0.1, 1.1, 99, Double.NaN })
	void percentileOfWhatIsNoShareFails(double share) {
		assertThatIllegalArgumentException().isThrownBy(() -> RequestTimes.NONE.percentile(share));
	}

	@Test
	void meanIsTheTotalDividedByTheCount() {
		RequestTimes times = times(3, 10, 1, 30);
		assertThat(times.count()).isEqualTo(4);
		assertThat(times.mean()).isEqualTo(Duration.ofMillis(15));
	}

	// pairs of how many requests and how long each of them took
	private static RequestTimes times(long... requests) {
		List<Long> counts = new ArrayList<>(Collections.nCopies(RequestTimes.BOUNDS_MILLIS.size() + 1, 0L));
		long total = 0;
		for (int i = 0; i < requests.length; i += 2) {
			counts.set(RequestTimes.index(Duration.ofMillis(requests[i + 1]).toNanos()), requests[i]);
			total += requests[i] * requests[i + 1];
		}
		return new RequestTimes(Duration.ofMillis(total), counts);
	}

}
