package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.Map;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.contract.WorkerIdentity;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * A {@link Supervisor} with workers that have no slot yet.
 */
class SupervisorSpareTests {

	private static final int NO_SLOT = WorkerIdentity.NO_SLOT;

	private final ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(2, "cluster.spares", "1"));

	@Test
	void sparesAreForkedWhenEverySlotHasAWorker() {
		assertThat(this.cluster.snapshot().workers()).extracting("slot").containsExactly(NO_SLOT, 0, 1);
		assertThat(this.cluster.snapshot().target()).isEqualTo(2);
		assertThat(this.cluster.shares()).containsExactly(3, 3, 3);
	}

	@Test
	void spareDoesNotServe() {
		assertThat(this.cluster.ready(3)).isEmpty();
		assertThat(this.cluster.adoptions()).doesNotContain(new PrimaryAction.Adopt(3, 0));
	}

	@Test
	void spareTakesTheSlotOfAWorkerThatDies() {
		this.cluster.ready(3);
		assertThat(this.cluster.exits(1, 1)).containsExactly(new PrimaryAction.Assign(3, 0), ScriptedCluster.open(3),
				ScriptedCluster.fork(4, NO_SLOT, 1));
		assertThat(this.cluster.snapshot().workers()).extracting("id", "slot").contains(tuple(3, 0));
		assertThat(this.cluster.log()).anyMatch((line) -> line.startsWith("worker=3 slot=0 gen=1 pid=1003 assigned"));
	}

	@Test
	void spareThatDoesNotGetTheSocketOfItsSlotIsReplaced() {
		this.cluster.ready(3);
		this.cluster.exits(1, 1);
		assertThat(this.cluster.on(new PrimaryEvent.SocketFailed(3, 0, "too many open files")))
			.contains(ScriptedCluster.kill(3));
		assertThat(this.cluster.incidents()).last()
			.satisfies((incident) -> assertThat(incident.detail())
				.isEqualTo("slot 0 has no socket for it: too many open files"));
		assertThat(this.cluster.log())
			.contains("worker=3 slot=0 gen=1 pid=1003 cannot serve: slot 0 has no socket for it: too many open files");
		this.cluster.exits(3, 137);
		assertThat(this.cluster.after(Duration.ofMillis(120))).contains(ScriptedCluster.fork(5, 0, 1));
	}

	@Test
	void spareIsWarmWhileItsApplicationIsReady() {
		assertThat(stateOf(3)).isEqualTo(WorkerState.FORKED);
		this.cluster.ready(3);
		assertThat(stateOf(3)).isEqualTo(WorkerState.WARM);
		this.cluster.accepts(3, false);
		assertThat(stateOf(3)).isEqualTo(WorkerState.LISTENING);
		assertThat(this.cluster.exits(1, 1)).doesNotContain(new PrimaryAction.Assign(3, 0));
		assertThat(this.cluster.accepts(3, true)).doesNotContain(ScriptedCluster.open(3));
		assertThat(stateOf(3)).isEqualTo(WorkerState.WARM);
	}

	@Test
	void spareThatIsNoLongerReadyIsKilledUnlessItGetsReadyAgain() {
		this.cluster.ready(3);
		this.cluster.accepts(3, false);
		assertThat(this.cluster.after(ScriptedCluster.READY_TIMEOUT.minusMillis(1))).isEmpty();
		assertThat(this.cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.askForThreads(3));
		assertThat(this.cluster.after(ScriptedCluster.EXPLANATION)).containsExactly(ScriptedCluster.kill(3));
		assertThat(this.cluster.incident(1).detail())
			.isEqualTo("not ready within 60 s: its web server was up, but the application refuses traffic");
	}

	@Test
	void warmSpareThatIsKilledDidNotFailToStart() {
		this.cluster.exits(3, 137);
		this.cluster.after(Duration.ofMillis(120));
		this.cluster.ready(4);
		this.cluster.exits(4, 137);
		assertThat(this.cluster.incidents()).extracting("cause")
			.containsExactly(IncidentCause.START_FAILURE, IncidentCause.SIGNAL);
	}

	@Test
	void slotWithoutAWarmSpareIsRespawned() {
		assertThat(this.cluster.exits(1, 1)).containsExactly(ScriptedCluster.steer(1), ScriptedCluster.fork(4, 0, 1));
	}

	@Test
	void spareThatDiesIsReplacedWithGrowingDelay() {
		this.cluster.ready(3);
		assertThat(this.cluster.exits(3, 1)).containsExactly(ScriptedCluster.fork(4, NO_SLOT, 1));
		assertThat(this.cluster.exits(4, 1)).isEmpty();
		assertThat(this.cluster.after(Duration.ofMillis(120))).containsExactly(ScriptedCluster.fork(5, NO_SLOT, 1));
		assertThat(this.cluster.snapshot().failedSlots()).isEmpty();
	}

	@Test
	void spareIsNotForkedBeforeTheWorkerOfASlotThatHasToWaitForOne() {
		this.cluster.exits(1, 1);
		this.cluster.exits(4, 1);
		assertThat(this.cluster.exits(3, 1)).isEmpty();
		assertThat(this.cluster.after(Duration.ofMillis(120))).containsExactly(ScriptedCluster.fork(5, 0, 1),
				ScriptedCluster.fork(6, NO_SLOT, 1));
	}

	@Test
	void sparesThatAReloadNoLongerWantsAreDrained() {
		ScriptedCluster two = ScriptedCluster.up(Configurations.of(1, "cluster.spares", "2"));
		two.ready(2);
		two.ready(3);
		two.reload(ReloadStrategy.ROLLING);
		two.says(4, new Message.Configuration(Map.of("cluster.spares", "1")));
		two.ready(4);
		assertThat(two.exits(1, 0)).containsExactly(ScriptedCluster.drain(3), ScriptedCluster.drain(2),
				ScriptedCluster.fork(5, NO_SLOT, 2));
	}

	@Test
	void sparesFollowToANewGenerationWhenItIsLive() {
		this.cluster.ready(3);
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.ready(4);
		this.cluster.ready(5);
		this.cluster.exits(1, 0);
		assertThat(this.cluster.exits(2, 0)).containsExactly(ScriptedCluster.drain(3),
				ScriptedCluster.fork(6, NO_SLOT, 2));
	}

	@Test
	void spareThatLeavesTooSlowlyIsNoIncidentWhenAReloadKillsIt() {
		this.cluster.ready(3);
		this.cluster.accepts(3, false);
		this.cluster.says(3, new Message.Leaving("SIGTERM"));
		assertThat(this.cluster.after(ScriptedCluster.DRAIN_LIMIT)).contains(ScriptedCluster.terminate(3));
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.ready(4);
		this.cluster.ready(5);
		this.cluster.exits(1, 0);
		assertThat(this.cluster.exits(2, 0)).contains(ScriptedCluster.kill(3));
		this.cluster.exits(3, 137);
		assertThat(this.cluster.incidents()).isEmpty();
	}

	@Test
	void spareOfAnOldGenerationGetsNoSlotOfANewOne() {
		this.cluster.ready(3);
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.ready(4);
		assertThat(this.cluster.exits(4, 1)).contains(new PrimaryAction.Assign(3, 0));
		assertThat(this.cluster.lastReload().reason()).contains("worker 4 of slot 0");
		assertThat(this.cluster.snapshot().generation()).isEqualTo(1);
	}

	@Test
	void shutdownDrainsSparesToo() {
		this.cluster.ready(3);
		assertThat(this.cluster.terminate()).contains(ScriptedCluster.drainLast(3));
	}

	private WorkerState stateOf(int worker) {
		return this.cluster.snapshot()
			.workers()
			.stream()
			.filter((known) -> known.id() == worker)
			.findFirst()
			.orElseThrow()
			.state();
	}

}
