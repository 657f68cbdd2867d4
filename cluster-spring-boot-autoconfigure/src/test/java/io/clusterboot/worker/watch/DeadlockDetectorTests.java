package io.clusterboot.worker.watch;

import java.time.Duration;
import java.util.List;

import io.clusterboot.worker.DeadlockedThreads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeadlockDetector} and {@link Deadlocks}.
 */
@Timeout(60)
class DeadlockDetectorTests {

	private final DeadlockDetector detector = new DeadlockDetector(Deadlocks::find);

	@Test
	void lookWhenThreadsWaitForEachOtherNamesThemAndTheirLocks() {
		try (DeadlockedThreads threads = DeadlockedThreads.forEver()) {
			assertThat(look(4)).isNull();
			assertThat(look(1)).matches(waits("left", "right") + "; " + waits("right", "left") + "|"
					+ waits("right", "left") + "; " + waits("left", "right"));
			assertThat(threads.left.isAlive()).isTrue();
			assertThat(look(5)).isNotNull();
			assertThat(this.detector.goesOn()).isTrue();
			assertThat(look(5)).isNull();
			try (DeadlockedThreads others = DeadlockedThreads.forEver()) {
				assertThat(look(5)).contains("; ");
				assertThat(others.left.isAlive()).isTrue();
			}
		}
		assertThat(look(5)).isNull();
	}

	@Test
	void lookWhenThreadsWillGiveUpFindsNothing() {
		try (DeadlockedThreads threads = DeadlockedThreads.forAnHour()) {
			assertThat(look(20)).isNull();
			assertThat(threads.left.isAlive()).isTrue();
		}
	}

	@Test
	void lookStopsAllThreadsEveryFiveSecondsOnly() {
		int[] looks = { 0 };
		DeadlockDetector detector = new DeadlockDetector(() -> {
			looks[0]++;
			return new Deadlocks(List.of());
		});
		for (int second = 0; second < 50; second++) {
			detector.look(Tick.of(Duration.ofSeconds(1)));
		}
		assertThat(looks[0]).isEqualTo(10);
	}

	private static String waits(String thread, String owner) {
		return "\"" + thread + "\" waits for java\\.util\\.concurrent\\.locks\\.ReentrantLock\\$NonfairSync@[0-9a-f]+ "
				+ "held by \"" + owner + "\"";
	}

	private @Nullable String look(int seconds) {
		String found = null;
		for (int second = 0; second < seconds && found == null; second++) {
			found = this.detector.look(Tick.of(Duration.ofSeconds(1)));
		}
		return found;
	}

}
