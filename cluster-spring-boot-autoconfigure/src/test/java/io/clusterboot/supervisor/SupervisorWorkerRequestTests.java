package io.clusterboot.supervisor;

import io.clusterboot.IncidentCause;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what an application asks the {@link Supervisor} to do to a worker or to count
 * for all of them.
 */
class SupervisorWorkerRequestTests {

	private static final Requester API = new Requester("api", "thread main");

	private final ScriptedCluster cluster = ScriptedCluster.up(2);

	@Test
	void workerThatIsDisconnectedServesUntilItsReplacementIsReady() {
		assertThat(this.cluster.says(1, new Request.Disconnect(5, API, 2)))
			.contains(new PrimaryAction.Send(1, new Reply.Worker(5, true)))
			.anySatisfy((action) -> assertThat(action).isInstanceOf(PrimaryAction.Fork.class))
			.doesNotContain(new PrimaryAction.Kill(2));
		assertThat(this.cluster.snapshot().workers()).filteredOn((worker) -> worker.id() == 2)
			.singleElement()
			.satisfies((worker) -> assertThat(worker.state()).hasToString("READY"));
	}

	@Test
	void workerThatIsToBeKilledIs() {
		assertThat(this.cluster.says(1, new Request.Kill(5, API, 2))).contains(new PrimaryAction.Kill(2),
				new PrimaryAction.Send(1, new Reply.Worker(5, true)));
	}

	@Test
	void incidentOfAWorkerThatWasKilledSaysByWhom() {
		this.cluster.says(1, new Request.Kill(5, API, 2));
		this.cluster.exits(2, 137);
		assertThat(this.cluster.says(1, new Request.Incidents(6))).filteredOn(PrimaryAction.Send.class::isInstance)
			.singleElement()
			.satisfies((action) -> assertThat(((Reply.Incidents) ((PrimaryAction.Send) action).message()).incidents())
				.singleElement()
				.satisfies((incident) -> {
					assertThat(incident.worker()).isEqualTo(2);
					assertThat(incident.cause()).isEqualTo(IncidentCause.SIGNAL);
					assertThat(incident.detail()).isEqualTo("killed: " + API);
				}));
	}

	@Test
	void workerThatIsNotThereIsNotKnown() {
		assertThat(this.cluster.says(1, new Request.Kill(5, API, 99)))
			.containsOnlyOnce(new PrimaryAction.Send(1, new Reply.Worker(5, false)));
		assertThat(this.cluster.says(1, new Request.Disconnect(6, API, 99)))
			.containsOnlyOnce(new PrimaryAction.Send(1, new Reply.Worker(6, false)));
	}

	@Test
	void nobodyIsEndedInAShutdownBySomebodyElse() {
		this.cluster.on(new PrimaryEvent.ShutdownRequested("SIGTERM", 143));
		assertThat(this.cluster.says(1, new Request.Kill(5, API, 2)))
			.contains(new PrimaryAction.Send(1, new Reply.Refusal(5, "The cluster is stopping")))
			.doesNotContain(new PrimaryAction.Kill(2));
	}

	@Test
	void whatIsCountedIsTheSameForAllWorkers() {
		assertThat(counted(1, "visits", 2)).isEqualTo(2);
		assertThat(counted(2, "visits", 3)).isEqualTo(5);
		assertThat(counted(1, "visits", -6)).isEqualTo(-1);
		assertThat(counted(2, "others", 0)).isZero();
	}

	@Test
	void countersHaveNoMoreRoomThanTheyMay() {
		for (int i = 0; i < 10_000; i++) {
			assertThat(counted(1, "counter " + i, 1)).isEqualTo(1);
		}
		assertThat(this.cluster.says(1, new Request.Count(7, "one more", 1)))
			.contains(new PrimaryAction.Send(1, new Reply.Refusal(7, "There is no room for one more counter")));
		assertThat(counted(1, "one more", 0)).isZero();
		assertThat(counted(1, "counter 9999", 1)).isEqualTo(2);
	}

	@Test
	void nameThatNoWorkerWouldSendHasNoCounter() {
		assertThat(this.cluster.says(1, new Request.Count(7, "x".repeat(101), 1)))
			.contains(new PrimaryAction.Send(1, new Reply.Refusal(7, "There is no room for one more counter")));
	}

	private long counted(int worker, String name, long delta) {
		return this.cluster.says(worker, new Request.Count(9, name, delta))
			.stream()
			.filter(PrimaryAction.Send.class::isInstance)
			.map((action) -> ((PrimaryAction.Send) action).message())
			.filter(Reply.Count.class::isInstance)
			.mapToLong((reply) -> ((Reply.Count) reply).value())
			.findFirst()
			.orElseThrow();
	}

}
