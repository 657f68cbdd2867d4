package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.Random;

import io.clusterboot.ReloadStepSnapshot;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReloadSteps}.
 */
class ReloadStepsTests {

	private final ReloadSteps steps = new ReloadSteps();

	private final Slot slot = new Slot(0, new RespawnBackoff(new Random(1)));

	@Test
	void reloadThatCannotBeUndoneRemembersItsLastSteps() {
		for (int id = 1; id <= 25_000; id++) {
			this.steps.forked(worker(id), Instant.EPOCH);
		}
		assertThat(this.steps.all()).hasSize(100).last().extracting(ReloadStepSnapshot::worker).isEqualTo(25_000);
		assertThat(this.steps.wasLive(2)).isFalse();
	}

	@Test
	void generationWasLiveAlthoughItsStepIsForgotten() {
		this.steps.forked(worker(1), Instant.EPOCH);
		this.steps.promoted(worker(1), null, Instant.EPOCH);
		for (int id = 2; id <= 200; id++) {
			this.steps.forked(worker(id), Instant.EPOCH);
		}
		assertThat(this.steps.all()).extracting(ReloadStepSnapshot::worker).doesNotContain(1);
		assertThat(this.steps.wasLive(2)).isTrue();
	}

	private Worker worker(int id) {
		return new Worker(id, this.slot, 2, Instant.EPOCH, "reload 1", 0);
	}

}
