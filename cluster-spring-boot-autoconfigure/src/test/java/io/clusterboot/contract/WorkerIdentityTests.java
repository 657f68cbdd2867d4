package io.clusterboot.contract;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerIdentity}.
 */
class WorkerIdentityTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 3, WorkerIdentity.NO_SLOT })
	void findReadsWhatVariablesTell(int slot) {
		WorkerIdentity identity = new WorkerIdentity(7, slot, 2, 8080, 42, "/tmp/cluster");
		assertThat(identity.toVariables()).containsOnlyKeys(WorkerIdentity.NAMES)
			.containsEntry("CLUSTER_WORKER_SLOT", String.valueOf(slot));
		assertThat(WorkerIdentity.find(identity.toVariables())).isEqualTo(identity);
	}

	@Test
	void findWhenAVariableIsMissingFindsNothing() {
		Map<String, String> variables = new HashMap<>(
				new WorkerIdentity(7, 0, 2, 8080, 42, "/tmp/cluster").toVariables());
		variables.remove(WorkerIdentity.ID);
		assertThat(WorkerIdentity.find(variables)).isNull();
	}

}
