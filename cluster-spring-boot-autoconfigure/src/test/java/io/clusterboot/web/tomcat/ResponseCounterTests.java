package io.clusterboot.web.tomcat;

import io.clusterboot.ResponseCounts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseCounter}.
 */
class ResponseCounterTests {

	private final ResponseCounter counter = new ResponseCounter();

	@Test
	void countCountsByClass() {
		int[] statuses = { 101, 200, 204, 299, 302, 304, 400, 404, 429, 499, 500, 599 };
		for (int status : statuses) {
			this.counter.count(status);
		}
		assertThat(this.counter.counts()).isEqualTo(new ResponseCounts(1, 3, 2, 4, 2));
		assertThat(this.counter.counts().total()).isEqualTo(statuses.length);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 99, 600, 999 })
	void countWhenStatusIsOfNoClassIsAServerError(int status) {
		this.counter.count(status);
		assertThat(this.counter.counts()).isEqualTo(new ResponseCounts(0, 0, 0, 0, 1));
	}

}
