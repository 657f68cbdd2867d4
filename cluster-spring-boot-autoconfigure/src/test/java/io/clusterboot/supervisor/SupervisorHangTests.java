package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.ResponseCounts;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link Supervisor} whose workers are not heard any more or report that they are
 * beyond help.
 */
class SupervisorHangTests {

	private static final PrimaryAction DUMP_REQUEST = new PrimaryAction.Send(1, new Message.ThreadDumpRequest());

	private final ScriptedCluster cluster = ScriptedCluster
		.up(Configurations.of(2, "cluster.worker.hang-timeout", "PT10S"));

	@Test
	void workerThatIsNotHeardIsAskedForItsThreadsAndKilled() {
		beatsFor(9, 2);
		assertThat(this.cluster.after(Duration.ofSeconds(1))).containsExactly(DUMP_REQUEST, ScriptedCluster.steer(1));
		assertThat(this.cluster.adoptions()).endsWith(new PrimaryAction.Adopt(2, 0));
		beats(2);
		assertThat(this.cluster.after(Duration.ofSeconds(2))).containsExactly(new PrimaryAction.Dump(1));
		assertThat(this.cluster.after(Duration.ofSeconds(1))).containsExactly(ScriptedCluster.kill(1));
		assertThat(this.cluster.exits(1, 137)).containsExactly(ScriptedCluster.fork(3, 0, 1));
		beats(2);
		assertThat(this.cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.steer(0, 1));
		assertThat(this.cluster.adoptions()).containsExactly(ScriptedCluster.release(2, 0, false));
		assertThat(this.cluster.incidents()).singleElement().satisfies((incident) -> {
			assertThat(incident.cause()).isEqualTo(IncidentCause.HANG);
			assertThat(incident.worker()).isEqualTo(1);
			assertThat(incident.pid()).isEqualTo(1001);
			assertThat(incident.detail()).isEqualTo("nothing ever heard");
			assertThat(incident.exit()).isEqualTo("exit code 137");
		});
	}

	@Test
	void connectionsOfASilentWorkerGoToAnotherUntilItIsHeard() {
		beats(1);
		beatsFor(2, 2);
		this.cluster.adoptions();
		assertThat(this.cluster.after(Duration.ofMillis(999))).isEmpty();
		assertThat(this.cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.steer(1));
		assertThat(this.cluster.adoptions()).containsExactly(new PrimaryAction.Adopt(2, 0));
		beatsFor(3, 2);
		assertThat(beats(1)).containsExactly(ScriptedCluster.steer(0, 1));
		assertThat(this.cluster.adoptions()).containsExactly(ScriptedCluster.release(2, 0, false));
		assertThat(this.cluster.incidents()).isEmpty();
		assertThat(this.cluster.log()).containsSubsequence(
				"worker=1 slot=0 gen=1 pid=1001 is not heard for 3 s: others get its connections",
				"worker=2 slot=1 gen=1 pid=1002 adopts the queue of slot 0",
				"worker=1 slot=0 gen=1 pid=1001 gets connections again");
		assertThat(this.cluster.log())
			.filteredOn((line) -> line.contains("is not heard for") || line.contains("gets connections again"))
			.hasSize(2);
	}

	@Test
	void silenceOfAllSaysNothingAboutAnyOfThem() {
		beats(1);
		beats(2);
		assertThat(this.cluster.after(Duration.ofSeconds(9))).isEmpty();
		assertThat(beats(2)).containsExactly(ScriptedCluster.steer(1));
		assertThat(beats(1)).containsExactly(ScriptedCluster.steer(0, 1));
	}

	@Test
	void silentWorkerLosesTheQueueThatItAdopted() {
		ScriptedCluster three = ScriptedCluster.up(3);
		three.says(1, Beats.of(0, ResponseCounts.NONE));
		three.exits(3, 1);
		assertThat(three.adoptions()).contains(new PrimaryAction.Adopt(1, 2));
		three.after(Duration.ofSeconds(3));
		assertThat(three.adoptions()).containsExactlyInAnyOrder(ScriptedCluster.release(1, 2, false),
				new PrimaryAction.Adopt(2, 0), new PrimaryAction.Adopt(2, 2));
	}

	@Test
	void workerThatSaysWhatItsThreadsDoIsKilledWithoutSigquit() {
		beats(1);
		beatsFor(10, 2);
		this.cluster.says(1, new Message.ThreadDump("main: waits"));
		beats(2);
		assertThat(this.cluster.after(Duration.ofSeconds(2))).containsExactly(ScriptedCluster.kill(1));
		this.cluster.exits(1, 137);
		assertThat(this.cluster.incident(1).threadDump()).isEqualTo("main: waits");
		assertThat(this.cluster.incident(1).detail()).isEqualTo("nothing heard for 10 s");
	}

	@Test
	void workerThatIsHeardAgainIsSpared() {
		beatsFor(10, 2);
		assertThat(beats(1)).containsExactly(ScriptedCluster.steer(0, 1));
		beats(2);
		assertThat(this.cluster.after(Duration.ofSeconds(9))).isEmpty();
		assertThat(this.cluster.incidents()).isEmpty();
		assertThat(this.cluster.log()).anyMatch((line) -> line.endsWith("is heard again: it is not killed"));
	}

	@Test
	void workerThatSaysThatItRefusesTrafficIsHeard() {
		this.cluster.after(Duration.ofSeconds(10));
		assertThat(this.cluster.incidents()).hasSize(2);
		this.cluster.accepts(1, false);
		assertThat(this.cluster.incidents()).extracting("worker").containsExactly(2);
		assertThat(this.cluster.after(Duration.ofSeconds(9))).doesNotContain(ScriptedCluster.kill(1));
	}

	@Test
	void workerThatStartsIsNotExpectedToBeHeard() {
		beats(2);
		this.cluster.exits(1, 1);
		beatsFor(59, 2);
		assertThat(this.cluster.snapshot().workers()).extracting("id").containsExactly(3, 2);
		assertThat(this.cluster.after(Duration.ofSeconds(1))).containsExactly(ScriptedCluster.kill(3));
		this.cluster.exits(3, 137);
		assertThat(this.cluster.incident(2).cause()).isEqualTo(IncidentCause.START_FAILURE);
		assertThat(this.cluster.incident(2).detail()).isEqualTo("not ready within 60 s");
	}

	@Test
	void workerThatDrainsIsNotExpectedToBeHeard() {
		beats(2);
		this.cluster.terminate();
		assertThat(this.cluster.after(Duration.ofSeconds(29))).doesNotContain(ScriptedCluster.kill(1));
	}

	@Test
	void exitCodeThatIsNoSignalIsNotTakenForOne() {
		this.cluster.exits(1, 137);
		this.cluster.exits(2, 255);
		this.cluster.ready(3);
		assertThat(this.cluster.incidents()).extracting("cause")
			.containsExactly(IncidentCause.SIGNAL, IncidentCause.EXIT_CODE);
	}

	@Test
	void lastTwentyIncidentsAreRemembered() {
		ScriptedCluster large = ScriptedCluster.up(21);
		for (int worker = 1; worker <= 20; worker++) {
			large.exits(worker, 1);
		}
		assertThat(large.incidents()).hasSize(20);
		large.exits(21, 1);
		assertThat(large.incidents()).hasSize(20);
		assertThat(large.incidents().get(0).worker()).isEqualTo(2);
		assertThat(large.incidents().get(19).worker()).isEqualTo(21);
	}

	@Test
	void unhealthyWorkerIsReplacedBeforeItDrains() {
		assertThat(this.cluster.says(1, new Message.Unhealthy(IncidentCause.DEADLOCK, "a and b wait", "the dump")))
			.containsExactly(ScriptedCluster.fork(3, 0, 1));
		beats(1);
		beats(2);
		assertThat(this.cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.drain(1));
		this.cluster.exits(1, 0);
		assertThat(this.cluster.incident(1)).satisfies((incident) -> {
			assertThat(incident.cause()).isEqualTo(IncidentCause.DEADLOCK);
			assertThat(incident.detail()).isEqualTo("a and b wait");
			assertThat(incident.threadDump()).isEqualTo("the dump");
			assertThat(incident.exit()).isEqualTo("exit code 0");
		});
	}

	@Test
	void unhealthyWorkersAreReplacedWithinTheBudget() {
		this.cluster.says(1, new Message.Unhealthy(IncidentCause.STALL, "no request was finished", null));
		assertThat(this.cluster.says(2, new Message.Liveness(false))).isEmpty();
		this.cluster.ready(3);
		assertThat(this.cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(4, 1, 1));
		assertThat(this.cluster.incidents()).extracting("cause")
			.containsExactly(IncidentCause.STALL, IncidentCause.BROKEN);
	}

	@Test
	void unhealthyWorkerOfANewGenerationFailsTheReload() {
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.ready(3);
		this.cluster.exits(1, 0);
		this.cluster.says(3, new Message.Unhealthy(IncidentCause.GC_OVERHEAD, "99 % of 30 s", null));
		assertThat(this.cluster.lastReload().reason()).isEqualTo("worker 3 of slot 0 reports: 99 % of 30 s");
		this.cluster.ready(5);
		this.cluster.exits(3, 0);
		this.cluster.exits(4, 0);
		assertThat(this.cluster.lastReload().status()).isEqualTo(ReloadStatus.ROLLED_BACK);
	}

	@Test
	void unhealthyWorkerThatWasToBeRecycledFailsTheReloadToo() {
		ScriptedCluster recycling = ScriptedCluster
			.up(Configurations.of(2, "cluster.worker.max-requests", "500", "cluster.respawn.stable-after", "PT1S"));
		recycling.reload(ReloadStrategy.ROLLING);
		recycling.ready(3);
		recycling.exits(1, 0);
		recycling.after(Duration.ofSeconds(2));
		recycling.says(3, Beats.of(0, new ResponseCounts(0, 600, 0, 0, 0)));
		assertThat(recycling.log()).anyMatch((line) -> line.startsWith("worker=3") && line.contains("max-requests"));
		recycling.says(3, new Message.Unhealthy(IncidentCause.DEADLOCK, "a and b wait", null));
		assertThat(recycling.lastReload().reason()).isEqualTo("worker 3 of slot 0 reports: a and b wait");
	}

	@Test
	void unhealthyWorkerThatSeemedToHangDoesNot() {
		beatsFor(10, 2);
		this.cluster.says(1, new Message.Unhealthy(IncidentCause.STALL, "no request was finished", "the dump"));
		assertThat(this.cluster.after(Duration.ofSeconds(5))).doesNotContain(ScriptedCluster.kill(1));
		assertThat(this.cluster.incidents()).singleElement()
			.satisfies((incident) -> assertThat(incident.cause()).isEqualTo(IncidentCause.STALL));
	}

	@Test
	void workerThatSeemedToHangAndLeavesIsReplacedBeforeItDrains() {
		beatsFor(10, 2);
		assertThat(this.cluster.says(1, new Message.Leaving("SIGTERM"))).contains(ScriptedCluster.fork(3, 0, 1));
		assertThat(this.cluster.ready(3)).contains(ScriptedCluster.drain(1));
		assertThat(this.cluster.incidents()).isEmpty();
	}

	@Test
	void unhealthyWorkerThatHangsAndIsHeardAgainKeepsItsIncident() {
		this.cluster.says(1, new Message.Unhealthy(IncidentCause.DEADLOCK, "a and b wait", "the dump"));
		beatsFor(10, 2);
		assertThat(this.cluster.after(Duration.ofSeconds(2))).contains(new PrimaryAction.Dump(1));
		beats(1);
		assertThat(this.cluster.log()).anyMatch((line) -> line.endsWith("is heard again: it is not killed"));
		assertThat(this.cluster.incidents()).extracting("cause").containsExactly(IncidentCause.DEADLOCK);
	}

	@Test
	void workerThatHangsIsNotPromoted() {
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.ready(3);
		for (int second = 0; second < 10; second++) {
			this.cluster.after(Duration.ofSeconds(1));
			beats(1);
			beats(2);
		}
		assertThat(this.cluster.ready(4)).doesNotContain(ScriptedCluster.open(3), ScriptedCluster.drain(1));
	}

	private List<PrimaryAction> beats(int worker) {
		return this.cluster.says(worker, Beats.of(0, ResponseCounts.NONE));
	}

	private void beatsFor(int seconds, int worker) {
		for (int second = 0; second < seconds; second++) {
			this.cluster.after(Duration.ofSeconds(1));
			beats(worker);
		}
	}

}
