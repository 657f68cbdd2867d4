package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;

import io.clusterboot.CanarySnapshot;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStepSnapshot;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Supervisor} about the first worker of a rolling reload.
 */
class SupervisorCanaryTests {

	private static final Duration SOAK = Duration.ofSeconds(10);

	@Test
	void rollingReloadGoesOnWhenTheFirstWorkerHasSoaked() {
		ScriptedCluster cluster = cluster(3);
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.ready(4)).contains(ScriptedCluster.open(4), ScriptedCluster.park(1));
		assertThat(state(cluster, 1)).isEqualTo(WorkerState.PARKED);
		assertThat(cluster.after(SOAK.minusMillis(1))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.drain(1));
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(5, 1, 2));
		assertThat(cluster.log()).containsSubsequence(
				"worker=1 slot=0 gen=1 pid=1001 parked: ready to be opened again until worker 4 is trusted",
				"worker=4 slot=0 gen=2 pid=1004 soaking: watched for 10 s before reload 1 goes on",
				"worker=4 slot=0 gen=2 pid=1004 soaked: answered 0 of 0 requests with 5xx, the others 0 of 0",
				"worker=1 slot=0 gen=1 pid=1001 draining: worker 4 is trusted");
	}

	@Test
	void parallelReloadHasNoCanary() {
		ScriptedCluster cluster = cluster(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.ready(3);
		assertThat(cluster.ready(4)).contains(ScriptedCluster.open(3), ScriptedCluster.open(4));
		cluster.exits(1, 0);
		cluster.exits(2, 0);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		assertThat(cluster.lastReload().canary()).isNull();
	}

	@Test
	void workerOfOneSoaksBeforeTheReloadSucceeds() {
		ScriptedCluster cluster = soaking(1);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.RUNNING);
		cluster.after(SOAK);
		cluster.exits(1, 0);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		assertThat(cluster.discarded()).containsExactly(1);
	}

	@Test
	void onlyOneWorkerGoesFirstAndInTheSlotThatNeedsItMost() {
		ScriptedCluster cluster = ScriptedCluster
			.up(Configurations.of(3, "cluster.reload.soak", SOAK.toString(), "cluster.reload.max-surge", "3"));
		cluster.accepts(2, false);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).containsExactly(ScriptedCluster.fork(4, 1, 2));
		cluster.listens(4);
		assertThat(cluster.accepts(2, true)).containsExactly(ScriptedCluster.steer(0, 1, 2));
		assertThat(cluster.accepts(4, true)).containsExactly(ScriptedCluster.open(4), ScriptedCluster.park(2));
		assertThat(cluster.after(SOAK.minusMillis(1))).isEmpty();
	}

	@Test
	void canaryThatDiesIsRolledBackWithoutAStart() {
		ScriptedCluster cluster = soaking(2);
		assertThat(cluster.exits(3, 3)).containsExactly(ScriptedCluster.open(1));
		assertRolledBack(cluster, "worker 3 of slot 0 ended with exit code 3");
		assertThat(cluster.lastReload().steps()).last()
			.extracting(ReloadStepSnapshot::worker, ReloadStepSnapshot::generation, ReloadStepSnapshot::slot)
			.containsExactly(1, 1, 0);
		assertThat(cluster.log()).containsSubsequence(
				"Reload 1 failed: worker 3 of slot 0 ended with exit code 3; generation 1 stays",
				"worker=1 slot=0 gen=1 pid=1001 ready: opened again");
	}

	@Test
	void predecessorOfACanaryThatIsAboutToExitIsOpenedBeforeItIsKnownHow() {
		ScriptedCluster cluster = soaking(2);
		assertThat(cluster.on(new PrimaryEvent.ChannelEnded(3, "end of file")))
			.containsExactly(ScriptedCluster.open(1));
		assertThat(cluster.lastReload().reason()).isNull();
		cluster.exits(3, 3);
		assertRolledBack(cluster, "worker 3 of slot 0 ended with exit code 3");
	}

	@Test
	void predecessorOfACanaryThatHangsIsOpenedAndTheCanaryEndsIfItIsHeardAgain() {
		ScriptedCluster cluster = cluster(2, "cluster.worker.hang-timeout", "PT5S");
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.after(Duration.ofSeconds(4));
		List.of(1, 2).forEach((worker) -> answered(cluster, worker, 1, 0));
		assertThat(cluster.after(Duration.ofSeconds(1))).contains(ScriptedCluster.open(1))
			.doesNotContain(ScriptedCluster.kill(3));
		assertThat(cluster.lastReload().reason()).isNull();
		assertThat(answered(cluster, 3, 1, 0)).containsExactly(ScriptedCluster.drain(3));
		cluster.exits(3, 0);
		assertRolledBack(cluster, "worker 3 of slot 0 was not heard for too long");
	}

	@Test
	void abortWhileTheCanaryHangsLeavesNobodyBehind() {
		ScriptedCluster cluster = cluster(2, "cluster.worker.hang-timeout", "PT5S");
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.after(Duration.ofSeconds(4));
		List.of(1, 2).forEach((worker) -> answered(cluster, worker, 1, 0));
		cluster.after(Duration.ofSeconds(1));
		assertThat(cluster.says(2, new Request.Abort(1, new Requester("http", null), 1)))
			.contains(ScriptedCluster.kill(3));
		cluster.exits(3, 137);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ABORTED);
	}

	@Test
	void parkedWorkerThatDiesLeavesTheReloadAloneAndIsMissedOnTheWayBackOnly() {
		ScriptedCluster cluster = soaking(2);
		assertThat(cluster.exits(1, 1)).isEmpty();
		assertThat(cluster.log()).contains("Slot 0 lost worker 1, which was parked and ended with exit code 1");
		assertThat(cluster.lastReload().reason()).isNull();
		assertThat(cluster.exits(3, 3)).contains(ScriptedCluster.fork(4, 0, 1));
		cluster.ready(4);
		assertRolledBack(cluster, "worker 3 of slot 0 ended with exit code 3");
	}

	@Test
	void parkedWorkerThatRefusesTrafficIsNotOpened() {
		ScriptedCluster cluster = soaking(2);
		cluster.accepts(1, false);
		assertThat(cluster.says(3, new Message.Liveness(false))).contains(ScriptedCluster.drain(1))
			.doesNotContain(ScriptedCluster.open(1), ScriptedCluster.drain(3));
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(4, 0, 1));
		assertThat(cluster.ready(4)).contains(ScriptedCluster.open(4), ScriptedCluster.drain(3));
	}

	@Test
	void parkedWorkerThatIsToldToLeaveLeaves() {
		ScriptedCluster cluster = soaking(2);
		assertThat(cluster.says(1, new Message.Leaving("SIGTERM"))).containsExactly(ScriptedCluster.drain(1));
		cluster.exits(1, 143);
		assertThat(cluster.lastReload().reason()).isNull();
		assertThat(cluster.after(SOAK)).containsExactly(ScriptedCluster.fork(4, 1, 2));
	}

	@Test
	void abortOpensTheParkedWorkerAtOnce() {
		ScriptedCluster cluster = soaking(2);
		assertThat(cluster.says(2, new Request.Abort(1, new Requester("http", null), 1)))
			.contains(ScriptedCluster.open(1), ScriptedCluster.drain(3));
		cluster.exits(3, 0);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ABORTED);
		assertThat(cluster.snapshot().workers()).allMatch((worker) -> worker.state() == WorkerState.READY);
	}

	@Test
	void shutdownDrainsTheParkedWorkerToo() {
		ScriptedCluster cluster = soaking(1);
		assertThat(cluster.terminate()).contains(ScriptedCluster.drainLast(1), ScriptedCluster.drainLast(2));
		cluster.exits(1, 0);
		assertThat(cluster.exits(2, 0)).contains(ScriptedCluster.exit(143));
	}

	@Test
	void canaryThatRefusesTrafficIsRolledBack() {
		ScriptedCluster cluster = soaking(2);
		assertThat(cluster.accepts(3, false)).containsExactly(ScriptedCluster.open(1), ScriptedCluster.drain(3));
		cluster.exits(3, 0);
		assertRolledBack(cluster, "worker 3 of slot 0 refuses traffic");
	}

	@Test
	void canaryThatIsBrokenIsRolledBack() {
		ScriptedCluster cluster = soaking(2);
		assertThat(cluster.says(3, new Message.Liveness(false))).containsExactly(ScriptedCluster.open(1),
				ScriptedCluster.drain(3));
		cluster.exits(3, 0);
		assertRolledBack(cluster, "worker 3 of slot 0 reports: its liveness is BROKEN");
	}

	@Test
	void canaryThatAnswersWorseThanTheOthersIsRolledBack() {
		ScriptedCluster cluster = cluster(2);
		answered(cluster, 2, 100, 0);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		answered(cluster, 2, 150, 0);
		assertThat(answered(cluster, 3, 17, 2)).isEmpty();
		assertThat(answered(cluster, 3, 18, 2)).containsExactly(ScriptedCluster.open(1), ScriptedCluster.drain(3));
		cluster.exits(3, 0);
		assertRolledBack(cluster, "worker 3 of slot 0 answered 2 of 20 requests with 5xx, the others 0 of 50");
		assertThat(cluster.lastReload().canary()).extracting(CanarySnapshot::worker, CanarySnapshot::responses)
			.containsExactly(3, new ResponseCounts(0, 18, 0, 0, 2));
	}

	@Test
	void canaryThatAnswersLikeTheOthersStays() {
		ScriptedCluster cluster = soaking(2);
		answered(cluster, 2, 50, 50);
		assertThat(answered(cluster, 3, 46, 54)).isEmpty();
		assertThat(cluster.after(SOAK)).containsExactly(ScriptedCluster.drain(1));
	}

	@Test
	void canaryThatAnswersWorseByNoMoreThanIsAllowedStays() {
		ScriptedCluster cluster = soaking(2);
		answered(cluster, 2, 50, 0);
		assertThat(answered(cluster, 3, 19, 1)).isEmpty();
		assertThat(cluster.after(SOAK)).containsExactly(ScriptedCluster.drain(1));
	}

	@Test
	void canaryOfOneIsComparedWithTheWorkerThatItReplaced() {
		ScriptedCluster cluster = cluster(1);
		answered(cluster, 1, 80, 20);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		assertThat(answered(cluster, 2, 76, 24)).isEmpty();
		assertThat(answered(cluster, 2, 74, 26)).containsExactly(ScriptedCluster.open(1), ScriptedCluster.drain(2));
	}

	@Test
	void canaryInAVacatedSlotIsComparedWithTheWorkerThatMadeRoom() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(1, "cluster.reload.soak", SOAK.toString(),
				"cluster.reload.max-surge", "0", "cluster.reload.max-unavailable", "1"));
		answered(cluster, 1, 80, 20);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(1, 0);
		cluster.ready(2);
		assertThat(answered(cluster, 2, 76, 24)).isEmpty();
		assertThat(cluster.lastReload().reason()).isNull();
	}

	@Test
	void canaryIsNotComparedWithOneThatIsLeftOfAGenerationThatFailed() {
		ScriptedCluster cluster = cluster(2);
		cluster.exits(2, 1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(4);
		cluster.exits(3, 137);
		answered(cluster, 1, 100, 0);
		answered(cluster, 4, 10, 10);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(5, 1);
		cluster.ready(6);
		answered(cluster, 4, 20, 20);
		answered(cluster, 6, 10, 10);
		assertThat(cluster.lastReload().reason())
			.isEqualTo("worker 6 of slot 0 answered 10 of 20 requests with 5xx, the others 0 of 100");
	}

	@Test
	void canaryIsNotComparedWithThePredecessorWhoseGenerationFailed() {
		ScriptedCluster cluster = soaking(1);
		cluster.exits(1, 1);
		answered(cluster, 2, 10, 10);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(3, 1);
		cluster.ready(4);
		answered(cluster, 4, 10, 10);
		assertThat(cluster.lastReload().reason())
			.isEqualTo("worker 4 of slot 0 answered 10 of 20 requests with 5xx, the others 0 of 0");
	}

	@Test
	void failureAfterTheSoakTakesTheReplacedSlotsBack() {
		ScriptedCluster cluster = soaking(2);
		cluster.after(SOAK);
		cluster.exits(1, 0);
		cluster.exits(4, 1);
		assertThat(cluster.lastReload().reason()).isEqualTo("worker 4 of slot 1 ended with exit code 1");
		assertThat(cluster.ready(5)).contains(ScriptedCluster.open(5), ScriptedCluster.drain(3));
		cluster.exits(3, 0);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ROLLED_BACK);
	}

	@Test
	void failedReloadHasTheLastLinesOfTheWorkerToBlame() {
		ScriptedCluster cluster = cluster(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(3);
		cluster.on(new PrimaryEvent.WorkerExited(3, 1, "exit code 1", List.of("Application run failed", "Why"),
				ExitEvidence.NONE));
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.FAILED);
		assertThat(cluster.lastReload().output()).containsExactly("Application run failed", "Why");
	}

	private static void assertRolledBack(ScriptedCluster cluster, String reason) {
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ROLLED_BACK);
		assertThat(cluster.lastReload().reason()).isEqualTo(reason);
		assertThat(cluster.snapshot().workers()).allMatch((worker) -> worker.generation() == 1);
		assertThat(cluster.discarded()).containsExactly(2);
	}

	private static List<PrimaryAction> answered(ScriptedCluster cluster, int worker, int well, int badly) {
		return cluster.says(worker, Beats.of(0, new ResponseCounts(0, well, 0, 0, badly)));
	}

	private static WorkerState state(ScriptedCluster cluster, int worker) {
		return cluster.snapshot()
			.workers()
			.stream()
			.filter((candidate) -> candidate.id() == worker)
			.findFirst()
			.map(WorkerSnapshot::state)
			.orElseThrow();
	}

	private static ScriptedCluster cluster(int workers) {
		return cluster(workers, "cluster.worker.hang-timeout", "P1D");
	}

	private static ScriptedCluster cluster(int workers, String name, String value) {
		return ScriptedCluster.up(Configurations.of(workers, "cluster.reload.soak", SOAK.toString(), name, value));
	}

	/*
	 * A cluster whose slot 0 has its canary, with the id that follows those of the first
	 * workers. Worker 1 is parked.
	 */
	private static ScriptedCluster soaking(int workers) {
		ScriptedCluster cluster = cluster(workers);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(workers + 1);
		return cluster;
	}

}
