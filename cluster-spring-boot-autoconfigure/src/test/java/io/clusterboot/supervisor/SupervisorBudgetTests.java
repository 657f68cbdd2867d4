package io.clusterboot.supervisor;

import java.time.Duration;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Supervisor} about how many workers a rolling reload adds and takes
 * away at a time.
 */
class SupervisorBudgetTests {

	@Test
	void withoutSurgeTheOldWorkerGoesFirst() {
		ScriptedCluster cluster = cluster(2, 0, 1);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).containsExactly(ScriptedCluster.steer(1), makesRoom(1));
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(3, 0, 2));
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.steer(0), makesRoom(2));
	}

	@Test
	void withoutSurgeAWorkerThatStartsIsNotEndedForOneOfTheNewGeneration() {
		ScriptedCluster cluster = cluster(2, 0, 1);
		cluster.exits(2, 1);
		cluster.listens(3);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).isEmpty();
		assertThat(cluster.accepts(3, true)).contains(ScriptedCluster.open(3), makesRoom(1));
	}

	@Test
	void withoutUnavailableNobodyMakesRoomWhoMayServeAgain() {
		ScriptedCluster cluster = cluster(2, 1, 0);
		cluster.accepts(1, false);
		cluster.accepts(2, false);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).containsExactly(ScriptedCluster.fork(3, 0, 2));
		assertThat(cluster.accepts(2, true)).containsExactly(ScriptedCluster.steer(1));
	}

	@Test
	void withoutSurgeTheReloadTellsWhichWorkerMadeRoom() {
		ScriptedCluster cluster = cluster(1, 0, 1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(1, 0);
		cluster.ready(2);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		assertThat(cluster.lastReload().steps()).singleElement().satisfies((step) -> {
			assertThat(step.replaced()).isEqualTo(1);
			assertThat(step.drained()).isNotNull().isEqualTo(step.forked());
		});
	}

	@Test
	void withoutSurgeAFailedReloadForksTheOldGenerationWhenThereIsRoom() {
		ScriptedCluster cluster = cluster(2, 0, 1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(1, 0);
		cluster.listens(3);
		assertThat(cluster.after(ScriptedCluster.READY_TIMEOUT.plus(ScriptedCluster.EXPLANATION)))
			.contains(ScriptedCluster.kill(3));
		assertThat(cluster.exits(3, 137)).containsExactly(ScriptedCluster.fork(4, 0, 1));
		cluster.ready(4);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.FAILED);
		assertThat(cluster.lastReload().reason()).startsWith("worker 3 of slot 0 was killed (not ready within 60 s: ");
	}

	@Test
	void withoutSurgeWorkersOfTheOldGenerationThatDieAreReplacedWithGrowingDelay() {
		ScriptedCluster cluster = cluster(2, 0, 1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(1, 0);
		assertThat(cluster.exits(3, 1)).containsExactly(ScriptedCluster.fork(4, 0, 1));
		assertThat(cluster.exits(4, 1)).containsExactly(ScriptedCluster.fork(5, 0, 1));
		assertThat(cluster.exits(5, 1)).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(79))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(41))).containsExactly(ScriptedCluster.fork(6, 0, 1));
	}

	@Test
	void withoutSurgeASlotWhoseWorkerDiesIsGivenToTheNewGeneration() {
		ScriptedCluster cluster = cluster(2, 0, 1);
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.exits(2, 1)).contains(ScriptedCluster.fork(3, 1, 2));
	}

	@Test
	void surgeOfTwoReplacesTwoAtATime() {
		ScriptedCluster cluster = cluster(3, 2, 0);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).containsExactly(ScriptedCluster.fork(4, 0, 2),
				ScriptedCluster.fork(5, 1, 2));
		assertThat(cluster.ready(4)).containsExactly(ScriptedCluster.open(4), ScriptedCluster.drain(1));
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(6, 2, 2));
	}

	@Test
	void surgeAndUnavailableTogetherAreBothUsed() {
		ScriptedCluster cluster = cluster(3, 1, 1);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).containsExactly(ScriptedCluster.fork(4, 0, 2),
				ScriptedCluster.steer(0, 2), makesRoom(2));
	}

	@Test
	void pauseSeparatesTheSteps() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(2, "cluster.reload.pause", "PT20S"));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		assertThat(cluster.exits(1, 0)).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(19_999))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.fork(4, 1, 2));
	}

	@Test
	void pauseIsNotProlongedByAWorkerThatDiesMeanwhile() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(2, "cluster.reload.pause", "PT20S"));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.exits(1, 0);
		cluster.after(Duration.ofSeconds(10));
		assertThat(cluster.exits(2, 1)).contains(ScriptedCluster.fork(4, 1, 1));
		assertThat(cluster.after(Duration.ofSeconds(10))).containsExactly(ScriptedCluster.fork(5, 1, 2));
	}

	@Test
	void workerThatIsStuckDoesNotUseUpTheBudgetOfTheWayBack() {
		ScriptedCluster cluster = cluster(3, 0, 1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(1, 0);
		cluster.ready(4);
		cluster.exits(2, 0);
		cluster.exits(5, 1);
		cluster.accepts(3, false);
		assertThat(cluster.says(3, new Message.Unhealthy(IncidentCause.STALL, "no request was finished", null)))
			.containsExactly(makesRoom(3));
		cluster.ready(6);
		assertThat(cluster.exits(3, 0)).containsExactly(ScriptedCluster.fork(7, 2, 1));
		assertThat(cluster.ready(7)).contains(makesRoom(4));
		assertThat(cluster.exits(4, 0)).containsExactly(ScriptedCluster.fork(8, 0, 1));
		cluster.ready(8);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.ROLLED_BACK);
	}

	private static PrimaryAction makesRoom(int worker) {
		return new PrimaryAction.Send(worker,
				new Message.Drain(true, ScriptedCluster.DRAIN_TIMEOUT, ScriptedCluster.KEEP_ALIVE_GRACE));
	}

	private static ScriptedCluster cluster(int workers, int surge, int unavailable) {
		return ScriptedCluster.up(Configurations.of(workers, "cluster.reload.max-surge", String.valueOf(surge),
				"cluster.reload.max-unavailable", String.valueOf(unavailable)));
	}

}
