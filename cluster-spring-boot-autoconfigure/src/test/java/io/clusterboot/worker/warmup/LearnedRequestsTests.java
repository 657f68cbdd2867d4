package io.clusterboot.worker.warmup;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LearnedRequests}.
 */
class LearnedRequestsTests {

	private final LearnedRequests learned = new LearnedRequests("/app/actuator");

	@Test
	void topIsWhatCameMostOften() {
		add("/rare", 1);
		add("/some", 2);
		add("/most?a=b", 3);
		assertThat(this.learned.top()).containsExactly("/most?a=b", "/some");
	}

	@Test
	void topAmongEndlesslyManyOthersIsStillFound() {
		for (int i = 0; i < 100_000; i++) {
			this.learned.add("/unique/" + i);
			if (i % 50 == 0) {
				this.learned.add("/often");
			}
		}
		assertThat(this.learned.top()).containsExactly("/often");
	}

	@Test
	void topIsNoMoreThanCanBeTold() {
		IntStream.range(0, 50).forEach((i) -> add("/" + i, 2));
		assertThat(this.learned.top()).hasSize(20);
		IntStream.range(0, 50).forEach((i) -> add("/" + "x".repeat(1000) + i, 3));
		assertThat(this.learned.top().stream().mapToInt(String::length).sum()).isBetween(7000, 8 * 1024);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/app/actuator", "/app/actuator/health", "/a;jsessionid=1", "/ä", "*" })
	void whatIsNotToBeSentAgainIsNotLearned(String path) {
		add(path, 5);
		this.learned.expect(List.of(path));
		assertThat(this.learned.top()).isEmpty();
	}

	@Test
	void pathThatIsTooLongIsNotLearned() {
		add("/" + "x".repeat(1023), 2);
		assertThat(this.learned.top()).hasSize(1);
		add("/" + "y".repeat(1024), 3);
		assertThat(this.learned.top()).hasSize(1);
	}

	@Test
	void whatWasExpectedIsToldUntilSomethingElseComesMoreOften() {
		this.learned.expect(List.of("/before"));
		assertThat(this.learned.top()).containsExactly("/before");
		add("/now", 3);
		assertThat(this.learned.top()).containsExactly("/now", "/before");
	}

	private void add(String path, int times) {
		for (int i = 0; i < times; i++) {
			this.learned.add(path);
		}
	}

}
