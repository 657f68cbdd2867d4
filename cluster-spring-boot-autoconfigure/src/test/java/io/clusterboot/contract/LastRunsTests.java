package io.clusterboot.contract;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LastRuns}.
 */
class LastRunsTests {

	private final LastRuns runs = new LastRuns();

	@Test
	void lastOfAllCounts() {
		assertThat(this.runs.of("job")).isNull();
		assertThat(this.runs.ran("job", 5)).isTrue();
		assertThat(this.runs.ran("job", 5)).isFalse();
		assertThat(this.runs.ran("job", 4)).isFalse();
		assertThat(this.runs.of("job")).isEqualTo(5);
		assertThat(this.runs.ran("job", 6)).isTrue();
		assertThat(this.runs.of("job")).isEqualTo(6);
	}

	@Test
	void clockMayWrapAround() {
		this.runs.ran("job", Long.MAX_VALUE);
		assertThat(this.runs.ran("job", Long.MIN_VALUE)).isTrue();
	}

	@Test
	void noMoreAreKeptThanThereIsRoomFor() {
		for (int i = 0; i < 1000; i++) {
			this.runs.ran("job " + i, i);
		}
		this.runs.ran("job 0", 1000);
		this.runs.ran("one more", 1001);
		this.runs.ran("x".repeat(LastRuns.LONGEST_NAME + 1), 1002);
		List<String> names = new ArrayList<>();
		this.runs.forEach((name, time) -> names.add(name));
		assertThat(names).hasSize(1000).startsWith("job 2").endsWith("job 0", "one more");
	}

}
