package io.clusterboot.supervisor;

import java.time.Duration;

import io.clusterboot.ClusterState;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
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
 * Stories of reloads.
 */
class SupervisorReloadTests {

	@Test
	void rollingReplacesSlotAfterSlotAndOneMoreWorkerAtATime() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).containsExactly(ScriptedCluster.fork(3, 0, 2));
		assertThat(cluster.snapshot().state()).isEqualTo(ClusterState.RELOADING);
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.drain(1));
		assertThat(cluster.says(1, new Message.GateClosed())).isEmpty();
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(4, 1, 2));
		assertThat(cluster.ready(4)).containsExactly(ScriptedCluster.open(4), ScriptedCluster.drain(2));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
		assertThat(cluster.exits(2, 0)).isEmpty();
		assertThat(cluster.lastReload()).extracting("id", "status", "reason", "fromGeneration", "toGeneration")
			.containsExactly(1, ReloadStatus.SUCCEEDED, null, 1, 2);
		assertThat(cluster.snapshot().generation()).isEqualTo(2);
		assertThat(cluster.snapshot().workers()).allMatch((worker) -> worker.restarts() == 0);
	}

	@Test
	void parallelSwitchesAllSlotsTogether() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		assertThat(cluster.reload(ReloadStrategy.PARALLEL)).containsExactly(ScriptedCluster.fork(3, 0, 2),
				ScriptedCluster.fork(4, 1, 2));
		assertThat(cluster.ready(4)).isEmpty();
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.drain(1),
				ScriptedCluster.open(4), ScriptedCluster.drain(2));
		cluster.exits(1, 0);
		cluster.exits(2, 0);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
	}

	@Test
	void parallelDoesNotSwitchToAWorkerWhoseChannelEnded() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.ready(3);
		cluster.on(new PrimaryEvent.ChannelEnded(3, "end of file"));
		assertThat(cluster.ready(4)).isEmpty();
		assertThat(cluster.exits(3, 137)).containsExactly(ScriptedCluster.drain(4));
	}

	@Test
	void newWorkerThatDiesFailsTheReloadAndTheOldStay() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.listens(3);
		cluster.ready(4);
		assertThat(cluster.exits(3, 3)).containsExactly(ScriptedCluster.drain(4));
		cluster.exits(4, 0);
		assertThat(cluster.lastReload()).extracting("status", "reason")
			.containsExactly(ReloadStatus.FAILED, "worker 3 of slot 0 ended with exit code 3");
		assertThat(cluster.snapshot().generation()).isEqualTo(1);
		assertThat(cluster.snapshot().workers()).extracting("id").containsExactly(1, 2);
		assertThat(cluster.after(Duration.ofHours(1))).isEmpty();
	}

	@Test
	void newWorkerThatIsToldToLeaveFailsTheReloadBeforeItIsGone() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.ready(3);
		assertThat(cluster.says(3, new Message.Leaving("SIGTERM"))).containsExactly(ScriptedCluster.drain(3),
				ScriptedCluster.kill(4));
		assertThat(cluster.lastReload().reason()).isEqualTo("worker 3 of slot 0 leaves (SIGTERM)");
	}

	@Test
	void newWorkerThatIsNotReadyInTimeIsKilledAndFailsTheReload() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(3);
		assertThat(cluster.after(ScriptedCluster.READY_TIMEOUT.minusMillis(1))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.askForThreads(3));
		assertThat(cluster.after(ScriptedCluster.EXPLANATION)).containsExactly(ScriptedCluster.kill(3));
		assertThat(cluster.exits(3, 137)).isEmpty();
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.FAILED);
		assertThat(cluster.lastReload().reason())
			.startsWith("worker 3 of slot 0 was killed (not ready within 60 s: its web server was up");
	}

	@Test
	void newWorkerCannotPutOffItsDeadlineByRefusingTraffic() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(2);
		cluster.after(Duration.ofSeconds(59));
		cluster.accepts(2, false);
		assertThat(cluster.after(Duration.ofSeconds(1))).containsExactly(ScriptedCluster.askForThreads(2));
	}

	@Test
	void failureMidwayBringsTheOldGenerationBackSlotBySlot() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.exits(1, 0);
		cluster.listens(4);
		assertThat(cluster.exits(4, 3)).containsExactly(ScriptedCluster.fork(5, 0, 1));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
		assertThat(cluster.ready(5)).containsExactly(ScriptedCluster.open(5), ScriptedCluster.drain(3));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
		cluster.exits(3, 0);
		assertThat(cluster.lastReload()).extracting("status", "reason")
			.containsExactly(ReloadStatus.ROLLED_BACK, "worker 4 of slot 1 ended with exit code 3");
		assertThat(cluster.snapshot().workers()).extracting("id").containsExactly(5, 2);
		assertThat(cluster.snapshot().generation()).isEqualTo(1);
	}

	@Test
	void newWorkerThatDiesWhileItServesFailsTheReloadAndIsReplacedByTheOldGeneration() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		assertThat(cluster.exits(3, 1)).containsExactly(ScriptedCluster.steer(1), ScriptedCluster.fork(4, 0, 1));
		cluster.exits(1, 0);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ROLLED_BACK);
	}

	@Test
	void undoingGoesOnWhenTheWorkerToBeReplacedDies() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.exits(1, 0);
		cluster.exits(4, 3);
		assertThat(cluster.exits(3, 1)).containsExactly(ScriptedCluster.steer(1), ScriptedCluster.fork(6, 0, 1));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
		assertThat(cluster.ready(5)).containsExactly(ScriptedCluster.open(5), ScriptedCluster.kill(6),
				ScriptedCluster.steer(0, 1));
		cluster.exits(6, 137);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ROLLED_BACK);
		assertThat(cluster.snapshot().workers()).extracting("id").containsExactly(5, 2);
	}

	@Test
	void undoingThatFailsEndsTheReloadAndIsTriedAgainLater() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.exits(1, 0);
		cluster.exits(4, 3);
		assertThat(cluster.exits(5, 3)).containsExactly(ScriptedCluster.fork(6, 0, 1));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ROLLED_BACK);
		assertThat(cluster.exits(6, 3)).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(120))).containsExactly(ScriptedCluster.fork(7, 0, 1));
		assertThat(cluster.ready(7)).containsExactly(ScriptedCluster.open(7), ScriptedCluster.drain(3));
	}

	@Test
	void reloadThatBeginsWhileAnotherIsStillUndoneDismissesItsWorkers() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.exits(1, 0);
		cluster.exits(4, 3);
		cluster.exits(5, 3);
		assertThat(cluster.reload(ReloadStrategy.PARALLEL)).containsExactly(ScriptedCluster.kill(6),
				ScriptedCluster.fork(7, 0, 3), ScriptedCluster.fork(8, 1, 3));
		cluster.ready(7);
		assertThat(cluster.ready(8)).containsExactly(ScriptedCluster.open(7), ScriptedCluster.drain(3),
				ScriptedCluster.open(8), ScriptedCluster.drain(2));
	}

	@Test
	void workerThatDiesAfterAReloadIsReplacedAtOnceHoweverOftenOthersDiedBefore() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.exits(1, 1);
		cluster.ready(2);
		cluster.exits(2, 1);
		cluster.after(Duration.ofMillis(120));
		cluster.ready(3);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(4);
		cluster.exits(3, 0);
		assertThat(cluster.exits(4, 1)).contains(ScriptedCluster.fork(5, 0, 2));
	}

	@Test
	void deathOfAnOldWorkerDoesNotFailTheReload() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.exits(2, 1)).containsExactly(ScriptedCluster.steer(0), ScriptedCluster.fork(4, 1, 1));
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.drain(1));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
	}

	@Test
	void reloadAskedForWhileTheClusterStartsWaits() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		cluster.listens(1);
		assertThat(cluster.reload(null)).isEmpty();
		assertThat(cluster.snapshot().lastReload()).isNull();
		assertThat(cluster.accepts(1, true)).contains(ScriptedCluster.open(1), ScriptedCluster.fork(2, 0, 2));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
	}

	@Test
	void requestsWhileAReloadRunsBecomeOneMore() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		assertThat(reloadId(cluster, 1, ReloadStrategy.ROLLING)).isEqualTo(1);
		assertThat(reloadId(cluster, 2, ReloadStrategy.PARALLEL)).isEqualTo(2);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).isEmpty();
		assertThat(reloadId(cluster, 3, ReloadStrategy.PARALLEL)).isEqualTo(2);
		cluster.ready(2);
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(3, 0, 3));
		assertThat(cluster.lastReload()).extracting("id", "strategy", "fromGeneration", "toGeneration")
			.containsExactly(2, ReloadStrategy.PARALLEL, 2, 3);
		cluster.ready(3);
		assertThat(cluster.exits(2, 0)).isEmpty();
		assertThat(cluster.lastReload().id()).isEqualTo(2);
		assertThat(cluster.snapshot().state()).isEqualTo(ClusterState.RUNNING);
	}

	@Test
	void reloadThatWaitsIsShownAndHasLostNothingYet() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.reload(ReloadStrategy.PARALLEL);
		assertThat(cluster.reloads()).extracting("id", "status", "strategy", "toGeneration")
			.containsExactly(tuple(1, ReloadStatus.RUNNING, ReloadStrategy.ROLLING, 2),
					tuple(2, ReloadStatus.RUNNING, ReloadStrategy.PARALLEL, 3));
		assertThat(cluster.reloads()).extracting("losses").last().isNull();
	}

	@Test
	void reloadThatWaitedBeginsWithTheGenerationThatIsLiveThen() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.after(Duration.ofSeconds(2));
		cluster.exits(2, 1);
		ReloadSnapshot first = cluster.reloads().get(0);
		assertThat(cluster.lastReload()).extracting("id", "fromGeneration", "toGeneration").containsExactly(2, 1, 3);
		assertThat(cluster.lastReload().started()).isEqualTo(first.finished());
	}

	@Test
	void requestWithoutStrategyGetsTheConfiguredOne() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(null);
		assertThat(cluster.lastReload().strategy()).isEqualTo(ReloadStrategy.ROLLING);
	}

	private static int reloadId(ScriptedCluster cluster, long request, ReloadStrategy strategy) {
		return cluster.says(1, new Request.Reload(request, new Requester("http", null), strategy))
			.stream()
			.filter(PrimaryAction.Send.class::isInstance)
			.map((action) -> ((PrimaryAction.Send) action).message())
			.filter(Reply.Reload.class::isInstance)
			.map((message) -> ((Reply.Reload) message).reload())
			.mapToInt(ReloadSnapshot::id)
			.findFirst()
			.orElseThrow();
	}

	@Test
	void abortKeepsTheOldGenerationAndUndoesWhatWasSwitched() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.exits(1, 0);
		assertThat(cluster.says(2, new Request.Abort(1, new Requester("http", null), 7)))
			.containsExactly(new PrimaryAction.Send(2, new Reply.Abort(1, null)));
		assertThat(cluster.says(2, new Request.Abort(2, new Requester("http", null), 1)))
			.contains(ScriptedCluster.kill(4), new PrimaryAction.Send(2, new Reply.Abort(2, cluster.lastReload())));
		assertThat(cluster.exits(4, 137)).containsExactly(ScriptedCluster.fork(5, 0, 1));
		cluster.ready(5);
		cluster.exits(3, 0);
		assertThat(cluster.lastReload()).extracting("status", "reason")
			.containsExactly(ReloadStatus.ABORTED, "aborted by http");
		assertThat(cluster.snapshot().workers()).extracting("id").containsExactly(5, 2);
	}

	@Test
	void abortOfAReloadThatDoesNotRunIsAnsweredWithNone() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		PrimaryAction none = new PrimaryAction.Send(1, new Reply.Abort(1, null));
		assertThat(cluster.says(1, new Request.Abort(1, new Requester("http", null), 1))).containsExactly(none);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(2, 1);
		assertThat(cluster.says(1, new Request.Abort(1, new Requester("http", null), 1))).containsExactly(none);
	}

	@Test
	void reloadRemembersWhatItDidToEachSlot() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.after(Duration.ofSeconds(2));
		cluster.ready(2);
		cluster.after(Duration.ofSeconds(1));
		cluster.exits(1, 0);
		assertThat(cluster.lastReload().steps()).singleElement().satisfies((step) -> {
			assertThat(step.slot()).isZero();
			assertThat(step.worker()).isEqualTo(2);
			assertThat(step.replaced()).isEqualTo(1);
			assertThat(step.ready()).isEqualTo(step.forked().plusSeconds(2));
			assertThat(step.drained()).isEqualTo(step.forked().plusSeconds(3));
		});
	}

	@Test
	void lastTwentyReloadsAreRemembered() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.failSnapshots("half a jar");
		for (int i = 0; i < 25; i++) {
			cluster.reload(ReloadStrategy.ROLLING);
		}
		assertThat(cluster.reloads()).extracting("id").hasSize(20).startsWith(6).endsWith(25);
	}

}
