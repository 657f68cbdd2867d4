package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator reads of a {@link Supervisor} in the log.
 */
class SupervisorLogTests {

	@Test
	void lifeOfAWorkerIsOneLineForEachStep() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		cluster.after(Duration.ofMillis(1500));
		cluster.ready(1);
		cluster.accepts(1, false);
		cluster.accepts(1, true);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		cluster.after(Duration.ofMillis(500));
		cluster.exits(1, 0);
		assertThat(linesOf(cluster, "worker=1 ")).containsExactly("forked: start", "online",
				"listening: port 8080, gate closed", "open: accepts connections although its application is not ready",
				"ready: 1.5 s after its start", "leads: token 1795168800001",
				"listening: the application refuses traffic, gate closed", "ready: accepting traffic again",
				"draining: replaced by worker 2", "exited: exit code 0 after 2 s; reason: replaced by worker 2",
				"leads no longer: token 1795168800001, it is gone");
		assertThat(linesOf(cluster, "worker=2 ")).startsWith("forked: replaces generation 1 by 2");
	}

	@Test
	void deathOfAWorkerSaysWhoFollows() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.exits(1, 3);
		cluster.listens(2);
		assertThat(linesOf(cluster, "worker=1 ")).endsWith("exited: exit code 3 after 0 s",
				"leads no longer: token 1795168800001, it is gone");
		assertThat(cluster.log()).contains("Slot 0 lost worker 1, which ended with exit code 3; next worker in 0 s");
		assertThat(linesOf(cluster, "worker=2 ")).startsWith("forked: respawn");
	}

	@Test
	void workerThatListensIsShownWithItsSideDoor() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		cluster.says(1, new Message.Hello(Message.Hello.PROTOCOL));
		cluster.says(1, new Message.Listening(8080, 45001));
		assertThat(cluster.snapshot().workers()).singleElement().extracting("sideDoor").isEqualTo(45001);
	}

	@Test
	void spareSaysThatItWaits() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(1, "cluster.spares", "1"));
		cluster.ready(2);
		assertThat(cluster.log())
			.contains("worker=2 slot=spare gen=1 pid=1002 warm: ready 0 s after its start, waits for a slot");
	}

	@Test
	void firstWorkerThatEndsByItselfIsSaidToHaveDoneSo() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		cluster.exits(1, 3);
		assertThat(cluster.log())
			.contains("The application did not start: its first worker ended with exit code 3. See its output above.");
	}

	@Test
	void workerThatSaysWhyItDoesNotStartIsQuoted() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		cluster.says(1, new Message.StartFailed("port 9090 is taken"));
		cluster.exits(1, 3);
		assertThat(cluster.log()).contains("The application did not start: its first worker ended with exit code 3: "
				+ "port 9090 is taken. See its output above.");
	}

	@Test
	void reloadWhoseWorkerSaysWhyItDoesNotStartHasThatReason() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.says(2, new Message.StartFailed("port 9090 is taken"));
		cluster.exits(2, 1);
		assertThat(cluster.lastReload().reason())
			.isEqualTo("worker 2 of slot 0 ended with exit code 1: port 9090 is taken");
	}

	@Test
	void firstWorkerThatIsNotReadyInTimeIsSaidToBeKilledForThat() {
		ScriptedCluster cluster = new ScriptedCluster(1);
		cluster.starts();
		cluster.after(ScriptedCluster.START_TIMEOUT);
		cluster.exits(1, 137);
		assertThat(cluster.log()).contains("worker=1 slot=0 gen=1 pid=0 killed: not ready within 90 s",
				"The application did not start: its first worker ended with exit code 137 (not ready within 90 s)."
						+ " See its output above.",
				"Cluster primary exits with code 1");
	}

	@Test
	void workerThatHangsIsAskedAndKilledWithALineForEachStep() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(1, "cluster.worker.hang-timeout", "PT10S"));
		cluster.after(Duration.ofSeconds(13));
		assertThat(linesOf(cluster, "worker=1 ")).endsWith("hangs: nothing ever heard", "says nothing, SIGQUIT",
				"killed: nothing ever heard");
	}

	@Test
	void workerThatIsToBeReplacedForTwoReasonsSaysTheFirst() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.says(1, new Message.Unhealthy(IncidentCause.STALL, "no request was finished", null));
		cluster.says(1, new Message.Leaving("SIGTERM"));
		cluster.listens(2);
		assertThat(linesOf(cluster, "worker=1 ")).endsWith("reports: no request was finished",
				"is to be replaced: no request was finished");
		assertThat(linesOf(cluster, "worker=2 ")).startsWith("forked: replaces worker 1: no request was finished");
	}

	@Test
	void workerThatMakesRoomSaysForWhom() {
		ScriptedCluster cluster = ScriptedCluster
			.up(Configurations.of(2, "cluster.reload.max-surge", "0", "cluster.reload.max-unavailable", "1"));
		cluster.says(1, new Message.Leaving("SIGTERM"));
		assertThat(linesOf(cluster, "worker=1 ")).endsWith("draining: makes room for its replacement");
		cluster.exits(1, 143);
		cluster.ready(3);
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(linesOf(cluster, "worker=3 ")).endsWith("draining: makes room for generation 2");
	}

	@Test
	void queueThatAnotherWorkerServesIsNamedUnlessNobodyEverServedIt() {
		ScriptedCluster cluster = ScriptedCluster.up(3);
		assertThat(cluster.log()).noneMatch((line) -> line.contains("adopts"));
		cluster.exits(3, 1);
		cluster.says(1, new Message.SocketFailed(2, "too many open files"));
		assertThat(cluster.log()).containsSubsequence("worker=1 slot=0 gen=1 pid=1001 adopts the queue of slot 2",
				"worker=1 slot=0 gen=1 pid=1001 cannot serve the queue of slot 2: too many open files",
				"worker=2 slot=1 gen=1 pid=1002 adopts the queue of slot 2");
	}

	@Test
	void reloadsSayWhoAskedForThemAndHowTheyEnded() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		cluster.exits(1, 0);
		cluster.exits(3, 1);
		assertThat(linesOf(cluster, "Reload ")).containsExactly("1 requested: SIGUSR2, rolling",
				"1 started: generation 1 to 2, rolling", "2 requested: SIGUSR2, parallel",
				"2 requested again: SIGUSR2, rolling", "1 succeeded: generation 2 is live",
				"2 started: generation 2 to 3, rolling",
				"2 failed: worker 3 of slot 0 ended with exit code 1; generation 2 stays",
				"2 failed: generation 2 is live; reason: worker 3 of slot 0 ended with exit code 1");
	}

	@Test
	void reloadThatIsUndoneSaysWhatStaysAndWhatCouldNotBeUndoneAtOnce() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(3);
		cluster.exits(1, 0);
		cluster.says(2, new Request.Abort(1, new Requester("http", null), 1));
		cluster.says(2, new Request.Abort(2, new Requester("http", null), 1));
		assertThat(linesOf(cluster, "Reload 1 aborted")).hasSize(1);
		cluster.exits(4, 137);
		cluster.exits(5, 1);
		assertThat(cluster.log()).contains("Reload 1 aborted: generation 1 stays; by http",
				"Slot 0 keeps generation 2 for now: worker 5, which should have replaced it, ended with exit code 1",
				"Reload 1 aborted: generation 1 is live; reason: aborted by http");
	}

	@Test
	void slotWithoutAWorkerKeepsTheGenerationThatIsLive() {
		ScriptedCluster cluster = ScriptedCluster
			.up(Configurations.of(1, "cluster.reload.max-surge", "0", "cluster.reload.max-unavailable", "1"));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(1, 0);
		cluster.exits(2, 1);
		cluster.exits(3, 1);
		assertThat(cluster.log()).contains(
				"Slot 0 keeps generation 1 for now: worker 3, which should have replaced it, ended with exit code 1");
	}

	@Test
	void scalingSaysWhoWantsItAndWhatItChanges() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1));
		cluster.says(1, new Request.Scale(1, new Requester("http", null), 2));
		assertThat(linesOf(cluster, "Scaling ")).containsExactly("to 2 workers requested: SIGTTIN",
				"from 1 to 2 workers", "to 2 workers requested: http");
	}

	@Test
	void endOfTheClusterSaysWhoWantsIt() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.terminate();
		cluster.terminate();
		cluster.on(new PrimaryEvent.StopRequested("SIGINT again", 130));
		cluster.exits(1, 137);
		assertThat(cluster.log()).containsSubsequence("Cluster stops gracefully: SIGTERM",
				"Already stopping, SIGTERM ignored", "Cluster stops now: SIGINT again",
				"Cluster primary exits with code 130");
	}

	// Without what they begin with: who says it and, of a worker, what identifies it
	private static List<String> linesOf(ScriptedCluster cluster, String who) {
		return cluster.log()
			.stream()
			.filter((line) -> line.startsWith(who))
			.map((line) -> line.substring(who.length()).replaceFirst("^slot=\\S+ gen=\\d+ pid=\\d+ ", ""))
			.toList();
	}

}
