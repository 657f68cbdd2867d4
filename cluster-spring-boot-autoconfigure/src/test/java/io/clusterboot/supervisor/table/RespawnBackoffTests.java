package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

import io.clusterboot.supervisor.Configurations;
import io.clusterboot.supervisor.settings.SupervisorSettings;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RespawnBackoff}.
 */
class RespawnBackoffTests {

	private static final SupervisorSettings SETTINGS = Configurations.of(1).settings();

	@Test
	void nextIsZeroFirstThenDoublesUpToTheLimit() {
		RespawnBackoff backoff = backoff(withoutJitter());
		assertThat(backoff.next(SETTINGS)).isZero();
		assertThat(backoff.next(SETTINGS)).isEqualTo(Duration.ofMillis(100));
		assertThat(backoff.next(SETTINGS)).isEqualTo(Duration.ofMillis(200));
		assertThat(backoff.next(SETTINGS)).isEqualTo(Duration.ofMillis(400));
		for (int i = 0; i < 5; i++) {
			backoff.next(SETTINGS);
		}
		assertThat(backoff.next(SETTINGS)).isEqualTo(Duration.ofSeconds(15));
	}

	@Test
	void nextAfterVeryManyAttemptsStaysAtTheLimit() {
		RespawnBackoff backoff = backoff(withoutJitter());
		for (int i = 0; i < 10_000; i++) {
			backoff.next(SETTINGS);
		}
		assertThat(backoff.next(SETTINGS)).isEqualTo(Duration.ofSeconds(15));
	}

	@Test
	void nextIsJitteredByAFifth() {
		Random random = new Random(1);
		long distinct = random.longs(1000)
			.map((seed) -> secondDelay(new Random(seed)).toMillis())
			.peek((millis) -> assertThat(millis).isBetween(80L, 120L))
			.distinct()
			.count();
		assertThat(distinct).isGreaterThan(30);
	}

	@Test
	void delaysAtTheLimitAndAfterAFailureAreJitteredToo() {
		RespawnBackoff backoff = backoff(new Random(1));
		for (int i = 0; i < 20; i++) {
			backoff.next(SETTINGS);
		}
		assertThat(Stream.generate(() -> backoff.next(SETTINGS).toMillis()).limit(1000))
			.allSatisfy((millis) -> assertThat(millis).isBetween(12_000L, 18_000L))
			.anySatisfy((millis) -> assertThat(millis).isGreaterThan(17_000L))
			.anySatisfy((millis) -> assertThat(millis).isLessThan(13_000L));
		assertThat(Stream.generate(() -> backoff.afterFailure(SETTINGS).toMillis()).limit(1000))
			.allSatisfy((millis) -> assertThat(millis).isBetween(48_000L, 72_000L))
			.anySatisfy((millis) -> assertThat(millis).isGreaterThan(68_000L));
	}

	@Test
	void resetBeginsAgainAtZero() {
		RespawnBackoff backoff = backoff(withoutJitter());
		backoff.next(SETTINGS);
		backoff.next(SETTINGS);
		backoff.reset();
		assertThat(backoff.next(SETTINGS)).isZero();
		assertThat(backoff.next(SETTINGS)).isEqualTo(Duration.ofMillis(100));
	}

	private static Duration secondDelay(RandomGenerator random) {
		RespawnBackoff backoff = backoff(random);
		backoff.next(SETTINGS);
		return backoff.next(SETTINGS);
	}

	private static RandomGenerator withoutJitter() {
		return new Random() {

			@Override
			public double nextDouble() {
				return 0.5;
			}

		};
	}

	private static RespawnBackoff backoff(RandomGenerator random) {
		return new RespawnBackoff(random);
	}

}
