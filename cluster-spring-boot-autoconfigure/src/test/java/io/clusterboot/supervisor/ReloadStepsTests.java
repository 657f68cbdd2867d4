package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;

import io.clusterboot.ReloadStepSnapshot;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReloadSteps}.
 */
class ReloadStepsTests {

	private final ReloadSteps steps = new ReloadSteps();

	private final Workers workers = new Workers(Configurations.of(1).settings(), new Random(1));

	private final LifeCycle life = new LifeCycle(this.workers, new Random(1));

	@Test
	void reloadThatCannotBeUndoneRemembersItsLastSteps() {
		for (int id = 1; id <= 25_000; id++) {
			this.steps.forked(fork(), Instant.EPOCH);
		}
		assertThat(this.steps.all()).hasSize(100).last().extracting(ReloadStepSnapshot::worker).isEqualTo(25_000);
		assertThat(this.steps.wasLive(2)).isFalse();
	}

	@Test
	void generationWasLiveAlthoughItsStepIsForgotten() {
		Worker first = fork();
		this.steps.forked(first, Instant.EPOCH);
		this.steps.promoted(first, null, Instant.EPOCH);
		for (int id = 2; id <= 200; id++) {
			this.steps.forked(fork(), Instant.EPOCH);
		}
		assertThat(this.steps.all()).extracting(ReloadStepSnapshot::worker).doesNotContain(1);
		assertThat(this.steps.wasLive(2)).isTrue();
	}

	private Worker fork() {
		return this.life.fork(this.workers.slots().get(0), 2, Duration.ofMinutes(1), "reload 1");
	}

}
