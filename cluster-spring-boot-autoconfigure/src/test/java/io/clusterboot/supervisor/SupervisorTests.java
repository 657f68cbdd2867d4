package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;

import io.clusterboot.ClusterState;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Stories of starts, deaths, drains and ends. Reloads: {@link SupervisorReloadTests}.
 */
class SupervisorTests {

	@Test
	void firstStartForksSlotZeroAloneAndTheRestWhenItIsReady() {
		ScriptedCluster cluster = new ScriptedCluster(3);
		assertThat(cluster.starts()).containsExactly(ScriptedCluster.fork(1, 0, 1));
		cluster.listens(1);
		assertThat(cluster.after(Duration.ofSeconds(60))).isEmpty();
		assertThat(cluster.snapshot().state()).isEqualTo(ClusterState.STARTING);
		assertThat(cluster.accepts(1, true)).containsExactly(ScriptedCluster.open(1),
				ScriptedCluster.failOpen(1, false), ScriptedCluster.fork(2, 1, 1), ScriptedCluster.fork(3, 2, 1));
		assertThat(cluster.snapshot().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void firstStartThatDiesEndsWithItsCode() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		cluster.listens(1);
		assertThat(cluster.exits(1, 3)).containsExactly(new PrimaryAction.Refuse(), ScriptedCluster.exit(3));
		assertThat(cluster.log())
			.anyMatch((line) -> line.contains("did not start") && line.contains("ended with exit code 3"));
	}

	@Test
	void firstStartThatLeavesByItselfEndsWithItsCode() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		cluster.listens(1);
		assertThat(cluster.says(1, new Message.Leaving("SIGTERM"))).containsExactly(ScriptedCluster.steer());
		assertThat(cluster.accepts(1, true)).isEmpty();
		assertThat(cluster.exits(1, 143)).containsExactly(new PrimaryAction.Refuse(), ScriptedCluster.exit(143));
	}

	@Test
	void firstStartThatHangsIsKilledAndEndsWithOne() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		assertThat(cluster.after(ScriptedCluster.START_TIMEOUT.minusMillis(1))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.kill(1));
		assertThat(cluster.exits(1, 137)).containsExactly(ScriptedCluster.exit(1));
	}

	@Test
	void workerGetsItsSocketWhenItsChannelWorks() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.exits(2, 1);
		assertThat(cluster.says(3, new Message.Hello(Message.Hello.PROTOCOL)))
			.containsExactly(new PrimaryAction.Admit(3, 1));
	}

	@Test
	void workerOfAnotherProtocolIsKilled() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(null);
		assertThat(cluster.says(2, new Message.Hello(Message.Hello.PROTOCOL + 1))).contains(ScriptedCluster.kill(2));
		cluster.exits(2, 137);
		assertThat(cluster.lastReload().reason()).contains("protocol " + (Message.Hello.PROTOCOL + 1))
			.contains("must be restarted");
	}

	@Test
	void deadWorkerIsReplacedAtOnceAndThenWithGrowingDelay() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		assertThat(cluster.exits(2, 1)).containsExactly(ScriptedCluster.steer(0), ScriptedCluster.fork(3, 1, 1));
		assertThat(cluster.exits(3, 1)).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(79))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(41))).containsExactly(ScriptedCluster.fork(4, 1, 1));
		assertThat(cluster.exits(4, 1)).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(159))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(81))).containsExactly(ScriptedCluster.fork(5, 1, 1));
		assertThat(cluster.snapshot().workers()).last().extracting("slot", "restarts").containsExactly(1, 3);
	}

	@Test
	void deadWorkerIsReplacedAtOnceAgainWhenItWasReadyForLong() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.exits(1, 1);
		cluster.ready(2);
		cluster.after(Duration.ofSeconds(10));
		assertThat(cluster.exits(2, 1)).contains(ScriptedCluster.fork(3, 0, 1));
		cluster.ready(3);
		cluster.after(Duration.ofMillis(9999));
		assertThat(cluster.exits(3, 1)).noneMatch(PrimaryAction.Fork.class::isInstance);
	}

	@Test
	void leavingWorkerServesUntilItsReplacementDoes() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		assertThat(cluster.says(2, new Message.Leaving("SIGTERM"))).containsExactly(ScriptedCluster.fork(3, 1, 1));
		assertThat(cluster.says(2, new Message.Leaving("SIGTERM"))).isEmpty();
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.drain(2));
		assertThat(cluster.exits(2, 143)).isEmpty();
		assertThat(cluster.incidents()).isEmpty();
	}

	@Test
	void workerThatSaysThatItIsAliveStays() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		assertThat(cluster.says(1, new Message.Liveness(true))).isEmpty();
	}

	@Test
	void workerThatClosesItsGateUnaskedEndsInTime() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.accepts(2, false);
		assertThat(cluster.says(2, new Message.GateClosed())).isEmpty();
		assertThat(cluster.after(ScriptedCluster.DRAIN_LIMIT)).containsExactly(new PrimaryAction.Terminate(2));
		assertThat(cluster.after(Duration.ofSeconds(5))).containsExactly(ScriptedCluster.kill(2));
		assertThat(cluster.exits(2, 137)).containsExactly(ScriptedCluster.fork(3, 1, 1));
	}

	@Test
	void workerWithoutChannelGetsNoMoreConnectionsAndIsReplacedWhenItExits() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		assertThat(cluster.on(new PrimaryEvent.ChannelEnded(2, "end of file")))
			.containsExactly(ScriptedCluster.steer(0));
		assertThat(cluster.exits(2, 137)).containsExactly(ScriptedCluster.fork(3, 1, 1));
		assertThat(cluster.log()).anyMatch((line) -> line.contains("lost worker 2, which ended with exit code 137"));
	}

	@Test
	void workerWithoutChannelThatStaysIsTerminatedAndKilled() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.on(new PrimaryEvent.ChannelEnded(1, "end of file"));
		assertThat(cluster.after(ScriptedCluster.DRAIN_LIMIT)).containsExactly(ScriptedCluster.terminate(1));
		assertThat(cluster.after(Duration.ofSeconds(5))).containsExactly(ScriptedCluster.kill(1));
	}

	@Test
	void workerThatRefusesTrafficGetsNoConnectionsUntilItAcceptsAgain() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		assertThat(cluster.accepts(1, false)).containsExactly(ScriptedCluster.steer(1));
		assertThat(cluster.snapshot().workers()).first().extracting("state").isEqualTo(WorkerState.LISTENING);
		assertThat(cluster.after(Duration.ofHours(1))).isEmpty();
		assertThat(cluster.accepts(1, true)).containsExactly(ScriptedCluster.steer(0, 1));
	}

	@Test
	void drainThatTakesTooLongIsTerminatedAndThenKilled() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.terminate();
		assertThat(cluster.after(ScriptedCluster.DRAIN_LIMIT.minusMillis(1))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.terminate(1));
		assertThat(cluster.after(Duration.ofMillis(4999))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.kill(1));
		assertThat(cluster.log()).anyMatch((line) -> line.contains("did not drain within 30 s"))
			.anyMatch((line) -> line.contains("did not exit after SIGTERM"));
	}

	@Test
	void workerThatDoesNotEndIsKilledAgainAndThenGivenUp() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.on(new PrimaryEvent.ChannelEnded(2, "end of file"));
		assertThat(cluster.log()).filteredOn((line) -> line.contains("pid=1002 ending: ")).hasSize(1);
		cluster.after(ScriptedCluster.DRAIN_LIMIT);
		assertThat(cluster.after(Duration.ofSeconds(5))).containsExactly(ScriptedCluster.kill(2));
		assertThat(cluster.after(Duration.ofSeconds(5))).containsExactly(ScriptedCluster.kill(2));
		cluster.says(2, Beats.of(0, ResponseCounts.NONE));
		assertThat(cluster.log()).filteredOn((line) -> line.contains("still there after SIGKILL")).hasSize(1);
		assertThat(cluster.after(Duration.ofSeconds(30))).containsExactly(new PrimaryAction.Abandon(2));
		assertThat(cluster.after(Duration.ofHours(1))).isEmpty();
		assertThat(cluster.log()).filteredOn((line) -> line.contains("does not end, the cluster goes on without it"))
			.hasSize(1);
		assertThat(cluster.exits(2, 137)).containsExactly(ScriptedCluster.fork(3, 1, 1));
	}

	@Test
	void shutdownAndReloadEndAlthoughAWorkerDoesNot() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		cluster.after(ScriptedCluster.DRAIN_LIMIT.plusSeconds(40));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
		cluster.exits(1, 137);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		cluster.terminate();
		assertThat(cluster.after(ScriptedCluster.DRAIN_LIMIT.plusSeconds(40))).endsWith(new PrimaryAction.Abandon(2));
		assertThat(cluster.exits(2, 137)).contains(ScriptedCluster.exit(143));
	}

	@Test
	void applicationHasTimeOfItsOwnToCloseWhenItsRequestsHaveEnded() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.terminate();
		cluster.after(Duration.ofSeconds(25));
		assertThat(cluster.says(1, new Message.Drained(0))).isEmpty();
		assertThat(cluster.after(ScriptedCluster.CLOSE_TIMEOUT.minusMillis(1))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.kill(1));
		assertThat(cluster.log())
			.anyMatch((line) -> line.contains("has drained, but its context is not closed after 30 s, SIGKILL"));
	}

	@Test
	void reloadTellsWhomItKilledBeforeTheApplicationHadClosed() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		cluster.says(1, new Message.Drained(0));
		assertThat(cluster.after(ScriptedCluster.CLOSE_TIMEOUT)).containsExactly(ScriptedCluster.kill(1));
		cluster.exits(1, 137);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		assertThat(cluster.lastReload().losses().killedWorkers()).isEqualTo(1);
		assertThat(cluster.log())
			.anyMatch((line) -> line.contains("lost something: 1 workers killed before their application had closed"));
	}

	@Test
	void drainGetsNoMoreTimeWhenTheGateClosesOrTheChannelEnds() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.terminate();
		cluster.after(ScriptedCluster.DRAIN_LIMIT.minusSeconds(1));
		cluster.says(1, new Message.GateClosed());
		cluster.on(new PrimaryEvent.ChannelEnded(1, "end of file"));
		assertThat(cluster.after(Duration.ofSeconds(1))).containsExactly(ScriptedCluster.terminate(1));
	}

	@Test
	void shutdownHoldsDrainsAllRefusesWhenAllGatesAreClosedAndExits() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		assertThat(cluster.terminate()).containsExactly(new PrimaryAction.Hold(), ScriptedCluster.drainLast(1),
				ScriptedCluster.drainLast(2));
		assertThat(cluster.snapshot().state()).isEqualTo(ClusterState.STOPPING);
		assertThat(cluster.says(1, new Message.GateClosed())).isEmpty();
		assertThat(cluster.exits(1, 0)).isEmpty();
		assertThat(cluster.says(2, new Message.GateClosed())).containsExactly(new PrimaryAction.Refuse());
		assertThat(cluster.exits(2, 0)).containsExactly(ScriptedCluster.exit(143));
		assertThat(cluster.terminate()).isEmpty();
	}

	@Test
	void shutdownKillsWorkersThatAreNotReady() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		cluster.ready(1);
		cluster.listens(2);
		assertThat(cluster.terminate()).containsExactly(new PrimaryAction.Hold(), ScriptedCluster.drainLast(1),
				ScriptedCluster.kill(2));
	}

	@Test
	void shutdownDuringReloadEndsItAndDrainsOldAndNew() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.ready(3);
		assertThat(cluster.terminate()).containsExactly(new PrimaryAction.Hold(), ScriptedCluster.drainLast(1),
				ScriptedCluster.drainLast(2), ScriptedCluster.drainLast(3), ScriptedCluster.kill(4));
		cluster.exits(4, 137);
		assertThat(cluster.reloads()).extracting("id", "status", "reason")
			.containsExactly(tuple(1, ReloadStatus.ABORTED, "the cluster is stopping"));
		assertThat(cluster.log()).noneMatch((line) -> line.contains("keeps generation"));
	}

	@Test
	void shutdownBeforeAnythingListensKillsAndExits() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		assertThat(cluster.terminate()).containsExactly(ScriptedCluster.kill(1));
		assertThat(cluster.exits(1, 137)).containsExactly(ScriptedCluster.exit(143));
	}

	@Test
	void shutdownAskedForByWorkerIsAnsweredAndExitsWithZero() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		assertThat(cluster.says(1, new Request.Shutdown(7, new Requester("http", null))))
			.contains(new PrimaryAction.Send(1, new Reply.Shutdown(7)), ScriptedCluster.drainLast(1));
		assertThat(cluster.exits(1, 0)).contains(ScriptedCluster.exit(0));
	}

	@Test
	void secondInterruptKillsEveryoneAndExitsWithinASecond() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.on(new PrimaryEvent.ShutdownRequested("SIGINT", 130));
		assertThat(cluster.on(new PrimaryEvent.StopRequested("SIGINT again", 130)))
			.containsExactly(ScriptedCluster.kill(1), ScriptedCluster.kill(2));
		cluster.after(Duration.ofMillis(600));
		assertThat(cluster.on(new PrimaryEvent.StopRequested("SIGINT again", 130))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(400))).containsExactly(ScriptedCluster.exit(130));
	}

	@Test
	void stopDuringReloadEndsIt() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.on(new PrimaryEvent.StopRequested("SIGINT again", 130));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ABORTED);
	}

	@Test
	void secondInterruptExitsWhenEveryoneIsGone() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.on(new PrimaryEvent.StopRequested("SIGINT again", 130));
		assertThat(cluster.exits(1, 137)).isEmpty();
		assertThat(cluster.exits(2, 137)).containsExactly(new PrimaryAction.Refuse(), ScriptedCluster.exit(130));
	}

	@Test
	void portThatCannotBeListenedOnEndsEverythingWithOne() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		cluster.ready(1);
		assertThat(cluster.on(new PrimaryEvent.ListenFailed("the port is taken"))).contains(ScriptedCluster.kill(1),
				ScriptedCluster.kill(2));
		assertThat(cluster.log()).contains("The cluster ends: the port is taken");
		cluster.exits(1, 137);
		assertThat(cluster.exits(2, 137)).contains(ScriptedCluster.exit(1));
	}

	@Test
	void requestWhileStoppingIsRefused() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.terminate();
		assertThat(cluster.says(1, new Request.Reload(5, new Requester("http", null), null)))
			.containsExactly(new PrimaryAction.Send(1, new Reply.Refusal(5, "The cluster is stopping")));
		assertThat(cluster.says(1, new Request.Scale(8, new Requester("http", null), 3)))
			.containsExactly(new PrimaryAction.Send(1, new Reply.Refusal(8, "The cluster is stopping")));
		assertThat(cluster.reload(null)).isEmpty();
		assertThat(cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1))).isEmpty();
		assertThat(cluster.reloads()).isEmpty();
		assertThat(cluster.log()).noneMatch((line) -> line.startsWith("Scaling"));
		assertThat(cluster.says(1, new Request.Snapshot(6)))
			.containsExactly(new PrimaryAction.Send(1, new Reply.Snapshot(6, cluster.snapshot())));
	}

	@Test
	void slotWhoseWorkersNeverGetReadyIsTriedOnceAMinute() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		int worker = 2;
		cluster.exits(worker, 1);
		for (int deaths = 1; deaths < 10; deaths++) {
			cluster.after(Duration.ofSeconds(20));
			cluster.exits(++worker, 1);
			assertThat(cluster.snapshot().failedSlots()).isEmpty();
		}
		cluster.after(Duration.ofSeconds(20));
		cluster.exits(++worker, 1);
		assertThat(cluster.snapshot().failedSlots()).containsExactly(1);
		assertThat(cluster.log()).contains("Slot 1 has failed: 10 workers in a row ended before they were ready");
		assertThat(cluster.after(Duration.ofSeconds(48))).isEmpty();
		assertThat(cluster.after(Duration.ofSeconds(24))).containsExactly(ScriptedCluster.fork(++worker, 1, 1));
		cluster.ready(worker);
		assertThat(cluster.snapshot().failedSlots()).isEmpty();
	}

	@Test
	void snapshotTellsHowFarAWorkerIs() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		assertThat(cluster.snapshot().workers()).extracting("state").containsExactly(WorkerState.FORKED);
		cluster.says(1, new Message.Hello(Message.Hello.PROTOCOL));
		assertThat(cluster.snapshot().workers()).extracting("state").containsExactly(WorkerState.ONLINE);
		cluster.says(1, new Message.Listening(8080, 0));
		assertThat(cluster.snapshot().workers()).extracting("state").containsExactly(WorkerState.OPEN);
		cluster.accepts(1, true);
		assertThat(cluster.snapshot().workers()).extracting("state").containsExactly(WorkerState.READY);
		cluster.terminate();
		assertThat(cluster.snapshot().workers()).extracting("state").containsExactly(WorkerState.DRAINING);
	}

	@Test
	void snapshotTellsWhatWorkersReported() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.says(2, Beats.of(12, new ResponseCounts(0, 10234, 0, 0, 0)));
		assertThat(cluster.snapshot().workers())
			.extracting("id", "slot", "pid", "generation", "state", "metrics.connections",
					"metrics.responses.successful")
			.containsExactly(tuple(1, 0, 1001L, 1, WorkerState.READY, 0, 0L),
					tuple(2, 1, 1002L, 1, WorkerState.READY, 12, 10234L));
	}

	@Test
	void eventsOfWorkersThatAreGoneAreIgnored() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.exits(1, 1);
		assertThat(List.of(cluster.accepts(1, true), cluster.exits(1, 1),
				cluster.on(new PrimaryEvent.ChannelEnded(1, "end of file")),
				cluster.says(1, new Request.Reload(1, new Requester("http", null), null))))
			.allMatch(List::isEmpty);
	}

}
