package io.clusterboot.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.channel.GenerationMetrics;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DiffCommand}.
 */
class DiffCommandTests {

	private static final GenerationMetrics BEFORE = generation(1, 1000, 0, 5000, 400);

	@Test
	void generationThatIsAsGoodIsNotWorse() {
		assertThat(DiffCommand.compare(BEFORE, generation(2, 500, 0, 5500, 420), 25).worse()).isFalse();
		assertThat(worse(generation(2, 500, 0, 5900, 420))).isEmpty();
	}

	@Test
	void whatIsWorseIsNamed() {
		assertThat(worse(generation(2, 1000, 100, 5000, 400))).containsExactly("error-share");
		assertThat(worse(generation(2, 1000, 0, 9000, 400))).containsExactly("start-time");
		assertThat(worse(generation(2, 1000, 0, 5000, 800))).containsExactly("memory");
	}

	@Test
	void generationsThatNobodyAskedAnythingAreNotJudged() {
		assertThat(DiffCommand.compare(GenerationMetrics.none(1), BEFORE, 25).worse()).isFalse();
	}

	private static List<String> worse(GenerationMetrics after) {
		return DiffCommand.compare(BEFORE, after, 25)
			.lines()
			.stream()
			.filter(DiffCommand.Line::worse)
			.map(DiffCommand.Line::name)
			.toList();
	}

	private static GenerationMetrics generation(int generation, long requests, long errors, long startMillis,
			long megabytes) {
		List<Long> counts = new ArrayList<>(RequestTimes.NONE.counts());
		counts.set(2, requests);
		return new GenerationMetrics(generation, 2, Duration.ofMillis(2 * startMillis), Duration.ofMinutes(1),
				new ResponseCounts(0, requests - errors, 0, 0, errors),
				new RequestTimes(Duration.ofMillis(4 * requests), counts), Duration.ofMillis(3 * requests),
				megabytes * 1024 * 1024);
	}

}
