package io.clusterboot.supervisor;

import java.time.Duration;

import io.clusterboot.ClusterState;
import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Stories in which nobody is ready but somebody can serve.
 */
class SupervisorLastResortTests {

	private static final Duration LIMIT = Duration.ofSeconds(2);

	@Test
	void firstWorkerServesAsSoonAsItsWebServerIsUp() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		cluster.on(new PrimaryEvent.WorkerForked(1, 1001));
		cluster.says(1, new Message.Hello(Message.Hello.PROTOCOL));
		assertThat(cluster.says(1, new Message.Listening(8080, 0))).containsExactly(new PrimaryAction.Listen(1024),
				ScriptedCluster.failOpen(1, true), ScriptedCluster.steer(0));
		assertThat(cluster.snapshot().state()).isEqualTo(ClusterState.STARTING);
		assertThat(cluster.log()).noneMatch((line) -> line.contains("No worker is ready"));
	}

	@Test
	void workersThatRefuseTrafficServeWhenNobodyElseHasForTwoSeconds() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.accepts(1, false);
		cluster.after(Duration.ofHours(1));
		assertThat(cluster.accepts(2, false)).containsExactly(ScriptedCluster.steer());
		assertThat(cluster.after(LIMIT.minusMillis(1))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.failOpen(1, true),
				ScriptedCluster.failOpen(2, true), ScriptedCluster.steer(0, 1));
		assertThat(cluster.snapshot().workers()).extracting("state").containsOnly(WorkerState.OPEN);
		assertThat(cluster.log()).filteredOn((line) -> line.startsWith("No worker is ready")).hasSize(1);
		assertThat(cluster.accepts(2, true)).containsExactly(ScriptedCluster.failOpen(2, false),
				ScriptedCluster.failOpen(1, false), ScriptedCluster.steer(1));
		assertThat(cluster.log()).filteredOn((line) -> line.startsWith("A worker is ready again")).hasSize(1);
		assertThat(cluster.log())
			.filteredOn((line) -> line.contains("pid=1001 listening: gate closed until its application is ready"))
			.hasSize(1);
		assertThat(cluster.snapshot().workers()).extracting("state")
			.containsExactly(WorkerState.LISTENING, WorkerState.READY);
	}

	@Test
	void replacementThatNeedsItsOwnPortServesWhenAllHaveDied() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.exits(1, 137);
		cluster.exits(2, 137);
		cluster.after(Duration.ofSeconds(5));
		cluster.on(new PrimaryEvent.WorkerForked(4, 1004));
		assertThat(cluster.says(4, new Message.Listening(8080, 0))).containsExactly(ScriptedCluster.failOpen(4, true),
				ScriptedCluster.steer(1));
		assertThat(cluster.adoptions()).contains(new PrimaryAction.Adopt(4, 0));
	}

	@Test
	void stalledWorkerIsNotOpenedAgain() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.accepts(1, false);
		cluster.says(1, new Message.Unhealthy(IncidentCause.STALL, "no request was finished", null));
		assertThat(cluster.after(Duration.ofSeconds(10))).isEmpty();
	}

	@Test
	void replacementOfAStalledWorkerServesBeforeItIsReady() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.accepts(1, false);
		cluster.says(1, new Message.Unhealthy(IncidentCause.STALL, "no request was finished", null));
		cluster.after(LIMIT);
		cluster.on(new PrimaryEvent.WorkerForked(2, 1002));
		assertThat(cluster.says(2, new Message.Listening(8080, 0))).containsExactly(ScriptedCluster.failOpen(2, true),
				ScriptedCluster.steer(0));
		assertThat(cluster.accepts(2, true)).contains(ScriptedCluster.open(2), ScriptedCluster.failOpen(2, false),
				ScriptedCluster.drain(1));
	}

	@Test
	void workerOfAReloadThatIsNotReadyServesNobodyAndReplacesNobody() {
		ScriptedCluster cluster = ScriptedCluster
			.up(Configurations.of(1, "cluster.reload.max-surge", "0", "cluster.reload.max-unavailable", "1"));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(1, 0);
		cluster.listens(2);
		assertThat(cluster.after(Duration.ofSeconds(30))).isEmpty();
		cluster.after(Duration.ofSeconds(40));
		cluster.exits(2, 137);
		assertThat(cluster.lastReload().reason()).contains("not ready within 60 s");
		cluster.listens(3);
		assertThat(cluster.snapshot().workers()).extracting("generation", "state")
			.containsExactly(tuple(1, WorkerState.OPEN));
		cluster.accepts(3, true);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.FAILED);
	}

	@Test
	void onlyWorkerThatIsReadyMakesNoRoomForItsReplacement() {
		ScriptedCluster cluster = ScriptedCluster
			.up(Configurations.of(3, "cluster.reload.max-surge", "2", "cluster.reload.max-unavailable", "1"));
		for (int worker = 1; worker <= 3; worker++) {
			cluster.exits(worker, 137);
			cluster.listens(worker + 3);
		}
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.after(LIMIT)).contains(ScriptedCluster.failOpen(4, true));
		assertThat(cluster.accepts(6, true)).contains(ScriptedCluster.open(6), ScriptedCluster.failOpen(4, false))
			.doesNotContain(ScriptedCluster.drain(6), ScriptedCluster.drainLast(6));
	}

	@Test
	void workerThatServedWithoutBeingReadyDrains() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.starts();
		cluster.listens(1);
		assertThat(cluster.terminate()).containsExactly(new PrimaryAction.Hold(), ScriptedCluster.drainLast(1));
	}

	@Test
	void workerThatIsNeverReadySaysWhyBeforeItIsKilled() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(2);
		assertThat(cluster.after(ScriptedCluster.READY_TIMEOUT)).containsExactly(ScriptedCluster.askForThreads(2));
		String dump = """
				2 threads

				"main" #1 TIMED_WAITING
					at java.base@17.0.15/java.lang.Thread.sleep(Native Method)
					at java.base@17.0.15/java.util.concurrent.TimeUnit.sleep(TimeUnit.java:446)
					at app//org.example.Loop.run(Loop.java:9)

				"other" #2 RUNNABLE
					at org.example.Other.run(Other.java:1)
				""";
		assertThat(cluster.says(2, new Message.ThreadDump(dump))).containsExactly(ScriptedCluster.kill(2));
		cluster.exits(2, 137);
		String reason = "not ready within 60 s: its web server was up, but the application never became ready"
				+ " (ACCEPTING_TRAFFIC): a runner or listener has not returned;"
				+ " main is in java.base@17.0.15/java.lang.Thread.sleep(Native Method)"
				+ " < app//org.example.Loop.run(Loop.java:9)";
		assertThat(cluster.lastReload().reason()).isEqualTo("worker 2 of slot 0 was killed (" + reason + ")");
		assertThat(cluster.log()).contains("worker=2 slot=0 gen=2 pid=1002 killed: " + reason);
		assertThat(cluster.incident(1).detail()).isEqualTo(reason);
		assertThat(cluster.incident(1).threadDump()).isEqualTo(dump);
	}

	@ParameterizedTest
	@ValueSource(strings = { "app//org.flywaydb.core.internal.command.DbMigrate.migrate(DbMigrate.java:1)",
			"app//liquibase.Liquibase.update(Liquibase.java:1)" })
	void workerThatIsGivenUpWhileItMigratesSaysThatALockMayBeLeft(String frame) {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.on(new PrimaryEvent.WorkerForked(2, 1002));
		cluster.says(2, new Message.Hello(Message.Hello.PROTOCOL));
		cluster.after(ScriptedCluster.READY_TIMEOUT);
		cluster.says(2, new Message.ThreadDump("\"main\" #1 RUNNABLE\n\tat " + frame + "\n"));
		cluster.exits(2, 137);
		assertThat(cluster.incident(1).detail()).contains(frame)
			.contains("it was migrating its database, where it may leave a lock");
	}

	@Test
	void workerThatIsReadyWhileItIsAskedWhyNotIsSpared() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(2);
		cluster.after(ScriptedCluster.READY_TIMEOUT);
		cluster.accepts(2, true);
		assertThat(cluster.says(2, new Message.ThreadDump("late"))).isEmpty();
		assertThat(cluster.incidents()).isEmpty();
		assertThat(cluster.snapshot().generation()).isEqualTo(1);
		cluster.exits(1, 0);
		assertThat(cluster.snapshot().generation()).isEqualTo(2);
	}

	@Test
	void workerThatDoesNotSayWhyItIsNotReadyIsKilledAllTheSame() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.on(new PrimaryEvent.WorkerForked(2, 1002));
		cluster.says(2, new Message.Hello(Message.Hello.PROTOCOL));
		cluster.after(ScriptedCluster.READY_TIMEOUT);
		assertThat(cluster.after(Duration.ofMillis(1999))).isEmpty();
		assertThat(cluster.after(Duration.ofMillis(1))).containsExactly(ScriptedCluster.kill(2));
		assertThat(cluster.incident(1).detail()).isEqualTo("not ready within 60 s: its web server was not up yet");
	}

}
