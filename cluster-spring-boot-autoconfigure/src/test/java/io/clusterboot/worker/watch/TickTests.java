package io.clusterboot.worker.watch;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Tick}.
 */
class TickTests {

	@Test
	void seenIsWhatElapsedWhenThatIsAboutASecond() {
		assertThat(Tick.of(Duration.ofMillis(1004)).seen()).isEqualTo(Duration.ofMillis(1004));
		assertThat(Tick.of(Duration.ofSeconds(2)).seen()).isEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void seenIsASecondWhenTheProcessWasStopped() {
		Tick tick = Tick.of(Duration.ofSeconds(90));
		assertThat(tick.seen()).isEqualTo(Duration.ofSeconds(1));
		assertThat(tick.elapsed()).isEqualTo(Duration.ofSeconds(90));
	}

}
