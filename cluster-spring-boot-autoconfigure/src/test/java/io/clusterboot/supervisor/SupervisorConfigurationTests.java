package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.clusterboot.DropCounts;
import io.clusterboot.LossSnapshot;
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

/**
 * Tests for {@link Supervisor} about the configuration that a reload brings, training and
 * losses.
 */
class SupervisorConfigurationTests {

	@Test
	void moreWorkersAreForkedWhenTheGenerationIsLive() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(2, view("cluster.workers", "3"));
		cluster.ready(2);
		assertThat(cluster.snapshot().target()).isEqualTo(1);
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(3, 1, 2), ScriptedCluster.fork(4, 2, 2));
		assertThat(cluster.snapshot().target()).isEqualTo(3);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		assertThat(cluster.shares()).containsExactly(1, 1, 3, 3);
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.steer(0, 1));
	}

	@Test
	void fewerWorkersAreTakenFromTheEnd() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(3, view("cluster.workers", "1"));
		cluster.ready(3);
		cluster.ready(4);
		cluster.exits(1, 0);
		assertThat(cluster.exits(2, 0)).containsExactly(ScriptedCluster.steer(0), new PrimaryAction.Send(4,
				new Message.Drain(true, ScriptedCluster.DRAIN_TIMEOUT, ScriptedCluster.KEEP_ALIVE_GRACE)));
		assertThat(cluster.exits(4, 0)).isEmpty();
		assertThat(cluster.adoptions()).endsWith(new PrimaryAction.Adopt(3, 1), ScriptedCluster.release(3, 1, true));
		assertThat(cluster.says(3, new Message.Released(1))).containsExactly(new PrimaryAction.CloseSlot(1),
				ScriptedCluster.steer(0));
		assertThat(cluster.snapshot().workers()).singleElement()
			.satisfies((worker) -> assertThat(worker.id()).isEqualTo(3));
	}

	@Test
	void slotThatComesBackBeforeItsSocketWasClosedKeepsIt() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(3, view("cluster.workers", "1"));
		cluster.ready(3);
		cluster.ready(4);
		cluster.exits(1, 0);
		cluster.exits(2, 0);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(5, view("cluster.workers", "2"));
		assertThat(cluster.ready(5)).contains(ScriptedCluster.open(5));
		assertThat(cluster.exits(3, 0)).isEmpty();
		assertThat(cluster.exits(4, 0)).containsExactly(ScriptedCluster.fork(6, 1, 3));
	}

	@Test
	void timeoutsApplyWhenTheGenerationIsLive() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(2, view("cluster.drain.timeout", "PT7S"));
		assertThat(cluster.ready(2)).contains(ScriptedCluster.drain(1));
		cluster.exits(1, 0);
		assertThat(cluster.terminate()).contains(new PrimaryAction.Send(2,
				new Message.Drain(true, Duration.ofSeconds(7), ScriptedCluster.KEEP_ALIVE_GRACE)));
	}

	@Test
	void backlogAppliesWhenTheGenerationIsLive() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(2, view("server.tomcat.accept-count", "50"));
		cluster.ready(2);
		assertThat(cluster.exits(1, 0)).containsExactly(new PrimaryAction.Listen(50));
	}

	@Test
	void configurationOfAFailedReloadDoesNotApply() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(2, view("cluster.workers", "3"));
		cluster.exits(2, 1);
		assertThat(cluster.snapshot().target()).isEqualTo(1);
		cluster.exits(1, 1);
		assertThat(cluster.shares()).containsExactly(1, 1, 1);
	}

	@Test
	void newWorkersReckonWithTheNumberThatTheFirstOfThemHasTold() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(3, view("cluster.workers", "4"));
		cluster.ready(3);
		cluster.exits(1, 0);
		assertThat(cluster.shares()).containsExactly(2, 2, 2, 4);
	}

	@Test
	void configurationIsWhatTheFirstWorkerOfTheGenerationHasTold() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(3, view("cluster.workers", "3"));
		cluster.says(4, view("cluster.workers", "4"));
		cluster.ready(3);
		cluster.ready(4);
		cluster.exits(1, 0);
		cluster.exits(2, 0);
		assertThat(cluster.snapshot().target()).isEqualTo(3);
	}

	@Test
	void newWorkersReckonWithTheNumberThatTheClusterWasScaledTo() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1));
		cluster.ready(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(3, view("cluster.workers", "1"));
		cluster.ready(3);
		cluster.exits(1, 0);
		assertThat(cluster.shares()).containsExactly(1, 2, 2, 2);
	}

	@Test
	void configurationOfAWorkerThatNoReloadBringsDoesNotApply() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.exits(1, 1);
		cluster.says(2, view("cluster.workers", "3"));
		cluster.ready(2);
		assertThat(cluster.snapshot().target()).isEqualTo(1);
	}

	@Test
	void scalingForksAndTakesAwayAtOnce() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		assertThat(cluster.says(1, new Request.Scale(7, new Requester("http", null), 2)))
			.containsExactly(new PrimaryAction.Send(1, new Reply.Scale(7, 2)), ScriptedCluster.fork(2, 1, 1));
		cluster.ready(2);
		assertThat(cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1))).containsExactly(ScriptedCluster.steer(0),
				new PrimaryAction.Send(2,
						new Message.Drain(true, ScriptedCluster.DRAIN_TIMEOUT, ScriptedCluster.KEEP_ALIVE_GRACE)));
		assertThat(cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1))).isEmpty();
		assertThat(cluster.snapshot().target()).isEqualTo(1);
	}

	@Test
	void scalingBeyondTheLimitIsRefusedWhoeverAsks() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(1, "cluster.max-workers", "2"));
		String refusal = "2000000 workers are more than 'cluster.max-workers' allows, which is 2";
		assertThat(cluster.says(1, new Request.Scale(7, new Requester("http", null), 2_000_000)))
			.containsExactly(new PrimaryAction.Send(1, new Reply.Invalid(7, refusal)));
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1));
		cluster.ready(2);
		assertThat(cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1))).isEmpty();
		assertThat(cluster.snapshot().target()).isEqualTo(2);
		assertThat(cluster.log()).contains("Scaling refused: " + refusal + "; requested by http",
				"Scaling refused: 3 workers are more than 'cluster.max-workers' allows, which is 2; "
						+ "requested by SIGTTIN");
	}

	@Test
	void scalingToNoWorkerIsRefused() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		assertThat(cluster.says(1, new Request.Scale(7, new Requester("http", null), 0)))
			.containsExactly(new PrimaryAction.Send(1, new Reply.Invalid(7, "0 workers are none")));
		assertThat(cluster.snapshot().target()).isEqualTo(1);
	}

	@Test
	void lowerLimitAppliesToAClusterThatWasScaled() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(1, "cluster.max-workers", "3"));
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 2));
		cluster.ready(2);
		cluster.ready(3);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(4, view("cluster.max-workers", "2"));
		List.of(4, 5, 6).forEach(cluster::ready);
		List.of(1, 2, 3).forEach((worker) -> cluster.exits(worker, 0));
		assertThat(cluster.snapshot().target()).isEqualTo(2);
	}

	@Test
	void reloadThatBringsMoreWorkersThanAreAllowedFails() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(1, "cluster.max-workers", "2"));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(2, view("cluster.workers", "2000000"));
		cluster.exits(2, 0);
		assertThat(cluster.snapshot().target()).isEqualTo(1);
		assertThat(cluster.snapshot().lastReload().reason())
			.isEqualTo("2000000 workers are more than 'cluster.max-workers' allows, which is 2");
	}

	@Test
	void scalingWaitsForTheReloadAndCountsTogether() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1));
		assertThat(cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1))).isEmpty();
		cluster.ready(2);
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(3, 1, 2), ScriptedCluster.fork(4, 2, 2));
	}

	@Test
	void scaledClusterStaysSoUntilTheConfiguredNumberChanges() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1));
		cluster.ready(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(3, view("cluster.workers", "1"));
		cluster.ready(3);
		cluster.ready(4);
		cluster.exits(1, 0);
		cluster.exits(2, 0);
		assertThat(cluster.snapshot().target()).isEqualTo(2);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(5, view("cluster.workers", "3"));
		cluster.ready(5);
		cluster.ready(6);
		cluster.exits(3, 0);
		assertThat(cluster.exits(4, 0)).containsExactly(ScriptedCluster.fork(7, 2, 3));
		assertThat(cluster.snapshot().target()).isEqualTo(3);
	}

	@Test
	void changeThatNeedsARestartFailsTheReload() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.says(3, view("server.port", "9090"))).containsExactly(ScriptedCluster.kill(3));
		cluster.exits(3, 137);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.FAILED);
		assertThat(cluster.lastReload().reason()).contains("server.port", "8080", "9090", "restart");
	}

	@Test
	void changeIsOneFromWhatTheFirstWorkerHasTold() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		cluster.says(1, view("server.port", "9090"));
		cluster.ready(1);
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.says(2, view("server.port", "9090"))).isEmpty();
		cluster.exits(2, 1);
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.says(3, view("server.port", "8080"))).containsExactly(ScriptedCluster.kill(3));
	}

	@Test
	void reloadTellsWhatTheKernelDroppedMeanwhile() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.drops(new DropCounts(5, 3, 4));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.drops(new DropCounts(8, 5, 5));
		cluster.ready(2);
		cluster.exits(1, 0);
		assertThat(cluster.lastReload().losses())
			.isEqualTo(new LossSnapshot(new DropCounts(5, 3, 4), new DropCounts(8, 5, 5), 0, 0));
		assertThat(cluster.log()).contains("Reload 1 lost something: "
				+ "dropped by the kernel at any port: 3 connections (2 because of a full queue), 1 half open");
	}

	@Test
	void dropsThatWereCountedForAnotherReloadAreIgnored() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.on(new PrimaryEvent.DropsCounted(1, new DropCounts(9, 9, 9)));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.on(new PrimaryEvent.DropsCounted(2, new DropCounts(9, 9, 9)));
		assertThat(cluster.lastReload().losses()).isEqualTo(new LossSnapshot(new DropCounts(5, 0, 0), null, 0, 0));
	}

	@Test
	void reloadTellsHowManyRequestsWereCutOff() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		cluster.says(1, new Message.Drained(4));
		cluster.exits(1, 0);
		assertThat(cluster.lastReload().losses().cutRequests()).isEqualTo(4);
		assertThat(cluster.log()).contains(
				"worker=1 slot=0 gen=1 pid=1001 cut 4 requests off: they did not end within 30 s",
				"Reload 1 lost something: 4 requests cut off at the end of a drain");
	}

	@Test
	void reloadThatLostNothingDoesNotSaySo() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		cluster.says(1, new Message.Drained(0));
		cluster.exits(1, 0);
		assertThat(cluster.log()).noneMatch((line) -> line.contains("lost something"))
			.noneMatch((line) -> line.contains("requests off"));
	}

	private static Message.Configuration view(String name, String value) {
		return new Message.Configuration(Map.of(name, value));
	}

}
