package io.clusterboot.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.clusterboot.contract.WorkerIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PortOffsets}.
 */
class PortOffsetsTests {

	private final PortOffsets offsets = new PortOffsets(List.of(5005));

	@Test
	void takeGivesEachSlotItsPort() {
		assertThat(take(1, 0, 1)).isEqualTo(1);
		assertThat(take(2, 1, 1)).isEqualTo(2);
	}

	@Test
	void takeWhenOldWorkerIsAliveAvoidsItsPort() {
		take(1, 0, 1);
		take(2, 1, 1);
		assertThat(take(3, 0, 2)).isEqualTo(3);
		assertThat(take(4, 1, 2)).isEqualTo(4);
	}

	@Test
	void takeWhenWorkerExitedReusesItsPort() {
		take(1, 0, 1);
		this.offsets.release(1);
		assertThat(take(2, 0, 1)).isEqualTo(1);
		assertThat(take(3, 0, 2)).isEqualTo(3);
		this.offsets.release(2);
		assertThat(take(4, 0, 3)).isEqualTo(1);
	}

	@Test
	void takeWhenReloadsFailKeepsAwayFromTheLiveGeneration() {
		take(1, 0, 1);
		take(2, 0, 2);
		this.offsets.release(2);
		assertThat(take(3, 0, 3)).isEqualTo(3);
	}

	@Test
	void takeWhenSlotsWereAddedDoesNotCollide() {
		take(1, 0, 1);
		take(2, 1, 1);
		take(3, 0, 2);
		assertThat(take(4, 2, 2)).isEqualTo(5);
	}

	@Test
	void takeWhenWorkersAreSparesTakesPortsAfterThoseOfSlots() {
		assertThat(take(1, WorkerIdentity.NO_SLOT, 1)).isEqualTo(3);
		assertThat(take(2, WorkerIdentity.NO_SLOT, 1)).isEqualTo(5);
		assertThat(take(3, 0, 1)).isEqualTo(1);
		assertThat(take(4, 1, 1)).isEqualTo(2);
		assertThat(take(5, 0, 2)).isEqualTo(7);
	}

	@Test
	void takeWhenTheNumberOfWorkersChangesDoesNotCollide() {
		take(1, 0, 1, 2);
		take(2, 1, 1, 2);
		assertThat(take(3, 0, 2, 3)).isEqualTo(4);
		assertThat(take(4, 1, 2, 3)).isEqualTo(5);
		assertThat(take(5, 2, 2, 3)).isEqualTo(3);
		assertThat(take(6, 0, 3, 1)).isEqualTo(6);
	}

	@Test
	void takeWhenThereAreNoPortsGivesNoOffsetTwice() {
		PortOffsets none = new PortOffsets(List.of());
		assertThat(none.take(new WorkerPlace(1, 0, 1, 1))).isEqualTo(1);
		assertThat(none.take(new WorkerPlace(2, 0, 2, 1))).isEqualTo(2);
		none.release(1);
		assertThat(none.take(new WorkerPlace(3, 0, 3, 1))).isEqualTo(1);
	}

	@Test
	void takeWhenSpareKeepsAwayFromTheSlots() {
		assertThat(take(1, WorkerIdentity.NO_SLOT, 1)).isEqualTo(3);
		assertThat(take(2, WorkerIdentity.NO_SLOT, 1)).isEqualTo(5);
		assertThat(take(3, 0, 1)).isEqualTo(1);
		assertThat(take(4, 1, 1)).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5 })
	void takeWhenWorkersComeAndGoNeverGivesAPortTwice(long seed) {
		Random random = new Random(seed);
		List<Integer> ports = List.of(9010, 9011, 9013, 5005);
		PortOffsets offsets = new PortOffsets(ports);
		Map<Integer, List<Integer>> alive = new HashMap<>();
		for (int id = 1; id < 300; id++) {
			int offset = offsets
				.take(new WorkerPlace(id, random.nextInt(6) - 1, random.nextInt(4), 1 + random.nextInt(5)));
			alive.put(id, ports.stream().map((port) -> port + offset).toList());
			assertThat(alive.values().stream().flatMap(List::stream)).doesNotHaveDuplicates();
			while (alive.size() > 10) {
				int gone = new ArrayList<>(alive.keySet()).get(random.nextInt(alive.size()));
				alive.remove(gone);
				offsets.release(gone);
			}
		}
	}

	private int take(int id, int slot, int generation) {
		return take(id, slot, generation, 2);
	}

	private int take(int id, int slot, int generation, int workers) {
		return this.offsets.take(new WorkerPlace(id, slot, generation, workers));
	}

}
