package io.clusterboot.command;

import io.clusterboot.contract.WorkerIdentity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerNames}.
 */
class WorkerNamesTests {

	private final WorkerNames names = new WorkerNames();

	@Test
	void takeNamesWorkerAfterItsSlot() {
		assertThat(take(1, 0)).isEqualTo("w0");
		assertThat(take(2, 1)).isEqualTo("w1");
		assertThat(take(3, 12)).isEqualTo("w12");
	}

	@Test
	void takeWhenOldWorkerOfTheSlotLivesGivesAnotherName() {
		take(1, 0);
		assertThat(take(2, 0)).isEqualTo("w0-2");
		assertThat(take(3, 0)).isEqualTo("w0-3");
	}

	@Test
	void takeWhenWorkerIsGoneGivesItsNameAgain() {
		take(1, 0);
		take(2, 0);
		this.names.release(1);
		assertThat(take(3, 0)).isEqualTo("w0");
		this.names.release(2);
		this.names.release(3);
		assertThat(take(4, 0)).isEqualTo("w0");
	}

	@Test
	void takeWhenWorkerIsASpareDoesNotNameASlot() {
		assertThat(take(1, WorkerIdentity.NO_SLOT)).isEqualTo("spare-1");
		assertThat(take(2, WorkerIdentity.NO_SLOT)).isEqualTo("spare-2");
		this.names.release(1);
		assertThat(take(3, WorkerIdentity.NO_SLOT)).isEqualTo("spare-1");
	}

	private String take(int id, int slot) {
		return this.names.take(new WorkerPlace(id, slot, 1, 2));
	}

}
