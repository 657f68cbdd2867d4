package io.clusterboot.supervisor;

import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.event.ClusterEvent;
import io.clusterboot.event.ClusterScaled;
import io.clusterboot.event.ReloadFinished;
import io.clusterboot.event.ReloadStarted;
import io.clusterboot.event.WorkerEvent;
import io.clusterboot.event.WorkerExited;
import io.clusterboot.event.WorkerListening;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the {@link Supervisor} tells workers that listen.
 */
class SupervisorEventTests {

	private final ScriptedCluster cluster = ScriptedCluster.up(2);

	@Test
	void workerThatListensIsToldOfAllThatAreAliveOnce() {
		assertThat(told(1, this.cluster.says(1, new Message.Listens()))).containsExactly("WorkerForked 1",
				"WorkerOnline 1", "WorkerListening 1", "WorkerReady 1", "WorkerForked 2", "WorkerOnline 2",
				"WorkerListening 2", "WorkerReady 2");
		assertThat(told(1, this.cluster.says(1, new Message.Listens()))).isEmpty();
	}

	@Test
	void nobodyElseIsTold() {
		this.cluster.says(1, new Message.Listens());
		assertThat(told(2, exits(2, 3))).isEmpty();
	}

	@Test
	void everyStepOfALifeIsToldOnceAndInOrder() {
		this.cluster.says(1, new Message.Listens());
		assertThat(told(1, exits(2, 3))).containsExactly("WorkerDisconnected 2", "WorkerExited 2");
		assertThat(told(1, this.cluster.on(new PrimaryEvent.WorkerForked(3, 1003)))).containsExactly("WorkerForked 3");
		assertThat(told(1, this.cluster.says(3, new Message.Hello(Message.Hello.PROTOCOL))))
			.containsExactly("WorkerOnline 3");
		List<PrimaryAction> listening = this.cluster.says(3, new Message.Listening(8080, 0));
		assertThat(told(1, listening)).containsExactly("WorkerListening 3");
		assertThat(events(1, listening)).singleElement()
			.isInstanceOfSatisfying(WorkerListening.class, (event) -> assertThat(event.port()).isEqualTo(8080));
		assertThat(told(1, this.cluster.says(3, new Message.Readiness(true)))).containsExactly("WorkerReady 3");
		assertThat(told(1, this.cluster.says(3, new Message.Readiness(false)))).isEmpty();
		assertThat(told(1, this.cluster.says(3, new Message.Readiness(true)))).isEmpty();
		assertThat(told(1, this.cluster.says(1, new Request.Kill(1, new Requester("api", null), 3))))
			.containsExactly("WorkerDisconnected 3");
		assertThat(told(1, exits(3, 137))).containsExactly("WorkerExited 3");
	}

	@Test
	void endThatNobodyWantedHasACause() {
		this.cluster.says(1, new Message.Listens());
		assertThat(events(1, exits(2, 42))).last().isInstanceOfSatisfying(WorkerExited.class, (event) -> {
			assertThat(event.isVoluntary()).isFalse();
			assertThat(event.cause()).isEqualTo(IncidentCause.EXIT_CODE);
			assertThat(event.code()).isEqualTo(42);
			assertThat(event.worker().pid()).isEqualTo(1002);
		});
	}

	@Test
	void endThatSomebodyWantedIsVoluntary() {
		this.cluster.says(1, new Message.Listens());
		this.cluster.says(1, new Request.Scale(1, new Requester("api", null), 1));
		assertThat(events(1, exits(2, 0))).last()
			.isInstanceOfSatisfying(WorkerExited.class, (event) -> assertThat(event.isVoluntary()).isTrue());
	}

	@Test
	void killOfAWorkerIsNotVoluntary() {
		this.cluster.says(1, new Message.Listens());
		this.cluster.says(1, new Request.Kill(1, new Requester("api", null), 2));
		assertThat(events(1, exits(2, 137))).last()
			.isInstanceOfSatisfying(WorkerExited.class,
					(event) -> assertThat(event.cause()).isEqualTo(IncidentCause.SIGNAL));
	}

	@Test
	void reloadAndScalingAreTold() {
		this.cluster.says(1, new Message.Listens());
		assertThat(events(1, this.cluster.reload(ReloadStrategy.ROLLING))).first()
			.isInstanceOfSatisfying(ReloadStarted.class, (event) -> assertThat(event.reload().finished()).isNull());
		this.cluster.on(new PrimaryEvent.WorkerForked(3, 1003));
		assertThat(events(1, exits(3, 1))).last().isInstanceOfSatisfying(ReloadFinished.class, (event) -> {
			assertThat(event.reload().finished()).isNotNull();
			assertThat(event.reload().reason()).contains("ended with exit code 1");
		});
		assertThat(events(1, this.cluster.says(2, new Request.Scale(4, new Requester("api", null), 3))))
			.contains(new ClusterScaled(2, 3));
	}

	private List<PrimaryAction> exits(int worker, int code) {
		return this.cluster
			.on(new PrimaryEvent.WorkerExited(worker, code, "exit code " + code, List.of(), ExitEvidence.NONE));
	}

	private static List<String> told(int worker, List<PrimaryAction> actions) {
		return events(worker, actions).stream()
			.map((event) -> event.getClass().getSimpleName() + " " + ((WorkerEvent) event).worker().id())
			.toList();
	}

	private static List<ClusterEvent> events(int worker, List<PrimaryAction> actions) {
		return actions.stream()
			.filter((action) -> action instanceof PrimaryAction.Send send && send.worker() == worker
					&& send.message() instanceof Message.Happened)
			.map((action) -> ((Message.Happened) ((PrimaryAction.Send) action).message()).event())
			.toList();
	}

}
