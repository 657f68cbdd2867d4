package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.Map;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Tally;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Supervisor} that are about what it counts.
 */
class SupervisorTallyTests {

	private final ScriptedCluster cluster = ScriptedCluster.up(2);

	@Test
	void startsAreCountedOnceHoweverOftenAWorkerTurnsReady() {
		this.cluster.says(1, new Message.Readiness(false));
		this.cluster.says(1, new Message.Readiness(true));
		assertThat(tally().starts().count()).isEqualTo(2);
	}

	@Test
	void endsThatNobodyWantedAreCountedByCause() {
		this.cluster.exits(2, 137);
		assertThat(tally().restarts()).containsExactly(Map.entry(IncidentCause.SIGNAL, 1L));
	}

	@Test
	void drainsAndWhatTheyCutOffAreCounted() {
		this.cluster.says(1, new Message.Drained(0));
		this.cluster.says(2, new Message.Drained(3));
		assertThat(tally().drains()).isEqualTo(2);
		assertThat(tally().cutRequests()).isEqualTo(3);
	}

	@Test
	void reloadsAreCountedByHowTheyEnded() {
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.on(new PrimaryEvent.WorkerForked(3, 1003));
		this.cluster.after(Duration.ofSeconds(2));
		this.cluster.exits(3, 1);
		this.cluster.exits(4, 1);
		assertThat(tally().reloads()).hasSize(1).hasEntrySatisfying(ReloadStatus.FAILED, (times) -> {
			assertThat(times.count()).isEqualTo(1);
			assertThat(times.sum()).isPositive();
		});
	}

	private Tally tally() {
		return this.cluster.says(1, new Request.Tally(1))
			.stream()
			.filter(PrimaryAction.Send.class::isInstance)
			.map((action) -> ((PrimaryAction.Send) action).message())
			.filter(Reply.Tally.class::isInstance)
			.map((reply) -> ((Reply.Tally) reply).tally())
			.findFirst()
			.orElseThrow();
	}

}
