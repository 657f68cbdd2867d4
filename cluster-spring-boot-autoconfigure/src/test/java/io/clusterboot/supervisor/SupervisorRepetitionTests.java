package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;

import io.clusterboot.IncidentCause;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link Supervisor} whose workers report the same soon after each of them is ready.
 */
class SupervisorRepetitionTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final ScriptedCluster cluster = up(1);

	@Test
	void reportThatFreshWorkersRepeatIsIgnoredAfterAFewOfThem() {
		for (int worker = 1; worker <= 3; worker++) {
			assertThat(dies(worker)).as("worker %d", worker).isTrue();
			replaced(worker);
		}
		assertThat(dies(4)).isFalse();
		assertThat(this.cluster.after(Duration.ofMinutes(5))).doesNotContain(ScriptedCluster.fork(5, 0, 1));
		assertThat(this.cluster.log()).filteredOn((line) -> line.contains("ignored"))
			.singleElement()
			.asString()
			.startsWith("worker=4 slot=0")
			.contains("optional-4", "cluster.worker.replace-on-uncaught=none");
		assertThat(this.cluster.incidents()).extracting("worker").containsExactly(1, 2, 3);
	}

	@Test
	void slotsDoNotNeedTheirRoundsEach() {
		ScriptedCluster large = up(8);
		for (int worker = 1; worker <= 8; worker++) {
			reports(large, worker, uncaught(worker));
		}
		for (int worker = 9; worker <= 11; worker++) {
			large.ready(worker);
			reports(large, worker, uncaught(worker));
			large.exits(worker - 8, 0);
			large.after(SECOND);
		}
		large.ready(12);
		large.exits(4, 0);
		assertThat(large.after(Duration.ofMinutes(5))).noneMatch(PrimaryAction.Fork.class::isInstance);
		assertThat(large.log()).filteredOn((line) -> line.contains("is not replaced after all"))
			.extracting((line) -> line.substring(0, 9))
			.contains("worker=5 ", "worker=6 ", "worker=7 ", "worker=8 ");
		assertThat(large.incidents()).extracting("worker").doesNotContain(5, 6, 7, 8);
	}

	@Test
	void replacementsWaitLongerEachTimeWhateverTheyReport() {
		for (int worker = 1; worker <= 12; worker++) {
			reports(this.cluster, worker, new Message.Unhealthy(IncidentCause.UNCAUGHT, word(worker), null));
			replaced(worker);
		}
		assertThat(dies(13)).isTrue();
		assertThat(this.cluster.after(Duration.ofSeconds(11))).isEmpty();
		assertThat(this.cluster.after(Duration.ofSeconds(7))).containsExactly(ScriptedCluster.fork(14, 0, 1));
	}

	@Test
	void workersThatAreToldToEndSoonAfterTheyAreReadyAreReplacedMoreSlowly() {
		for (int worker = 1; worker <= 12; worker++) {
			this.cluster.says(worker, new Message.Leaving("SIGTERM"));
			replaced(worker);
		}
		this.cluster.says(13, new Message.Leaving("SIGTERM"));
		assertThat(this.cluster.after(Duration.ofSeconds(11))).isEmpty();
		assertThat(this.cluster.after(Duration.ofSeconds(7))).containsExactly(ScriptedCluster.fork(14, 0, 1));
	}

	@Test
	void workersThatAreBrokenAreReplacedForEverButRarely() {
		for (int worker = 1; worker <= 3; worker++) {
			this.cluster.says(worker, new Message.Liveness(false));
			replaced(worker);
		}
		for (int worker = 4; worker <= 6; worker++) {
			this.cluster.says(worker, new Message.Liveness(false));
			assertThat(this.cluster.after(Duration.ofSeconds(59))).isEmpty();
			assertThat(this.cluster.after(SECOND)).containsExactly(ScriptedCluster.fork(worker + 1, 0, 1));
			this.cluster.ready(worker + 1);
			this.cluster.exits(worker, 0);
		}
		assertThat(this.cluster.log()).filteredOn((line) -> line.contains("only every 60 s")).hasSize(1);
	}

	@Test
	void workerWhoseReportIsIgnoredIsReplacedForAnotherReason() {
		repeat();
		reports(this.cluster, 4, new Message.Unhealthy(IncidentCause.UNCAUGHT, "Another error", null));
		assertThat(this.cluster.after(SECOND)).contains(ScriptedCluster.fork(5, 0, 1));
	}

	@Test
	void workerThatDoesNotServeIsReplacedWhateverElseItReported() {
		ScriptedCluster two = up(2);
		reports(two, 1, uncaught(1));
		reports(two, 2, uncaught(2));
		reports(two, 2, new Message.Unhealthy(IncidentCause.STALL, "no request was finished", null));
		for (int worker = 3; worker <= 5; worker++) {
			two.ready(worker);
			two.exits((worker == 3) ? 1 : worker - 1, 0);
			reports(two, worker, uncaught(worker));
			two.after(SECOND);
		}
		assertThat(two.log()).anyMatch((line) -> line.contains("ignored"));
		two.after(SECOND);
		two.ready(6);
		assertThat(two.snapshot().workers()).filteredOn((worker) -> worker.slot() == 1)
			.extracting("id")
			.doesNotContain(List.of(2));
	}

	@Test
	void reportOfAWorkerThatServedForLongIsActedOnAtOnce() {
		for (int worker = 1; worker <= 6; worker++) {
			this.cluster.after(Duration.ofSeconds(11));
			assertThat(reports(this.cluster, worker, uncaught(worker)))
				.containsExactly(ScriptedCluster.fork(worker + 1, 0, 1));
			this.cluster.ready(worker + 1);
			this.cluster.exits(worker, 0);
		}
	}

	@Test
	void reloadIsNotFailedByWhatTheOldGenerationReportedAsWell() {
		reports(this.cluster, 1, uncaught(1));
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.exits(2, 137);
		this.cluster.ready(3);
		reports(this.cluster, 3, uncaught(3));
		this.cluster.exits(1, 0);
		this.cluster.after(Duration.ofSeconds(10));
		assertThat(this.cluster.snapshot().generation()).isEqualTo(2);
		assertThat(this.cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
	}

	@Test
	void reloadOfWorkersWhoseReportIsIgnoredSucceeds() {
		repeat();
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.ready(5);
		assertThat(dies(5)).isFalse();
		this.cluster.exits(4, 0);
		assertThat(this.cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		assertThat(this.cluster.after(Duration.ofMinutes(5))).noneMatch(PrimaryAction.Fork.class::isInstance);
		assertThat(this.cluster.log()).filteredOn((line) -> line.contains("from now on")).hasSize(1);
	}

	@Test
	void generationThatReportsItWhenItIsLiveIsIgnoredToo() {
		repeat();
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.ready(5);
		this.cluster.exits(4, 0);
		assertThat(this.cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		assertThat(dies(5)).isFalse();
	}

	@Test
	void reloadIsFailedByAnotherReportOfAWorkerThatWasExcused() {
		reports(this.cluster, 1, uncaught(1));
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.exits(2, 137);
		this.cluster.ready(3);
		reports(this.cluster, 3, uncaught(3));
		this.cluster.says(3, new Message.Liveness(false));
		assertThat(this.cluster.lastReload().reason()).isEqualTo("worker 3 of slot 0 reports: its liveness is BROKEN");
	}

	@Test
	void reloadIsFailedByWhatTheOldGenerationReportedMuchLater() {
		this.cluster.after(Duration.ofHours(1));
		reports(this.cluster, 1, uncaught(1));
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.exits(2, 137);
		this.cluster.ready(3);
		reports(this.cluster, 3, uncaught(3));
		assertThat(this.cluster.lastReload().reason()).contains("optional-3");
	}

	@Test
	void generationThatNoLongerReportsItForgetsIt() {
		repeat();
		this.cluster.reload(ReloadStrategy.PARALLEL);
		this.cluster.ready(5);
		this.cluster.exits(4, 0);
		assertThat(this.cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		this.cluster.reload(ReloadStrategy.ROLLING);
		this.cluster.ready(6);
		reports(this.cluster, 6, uncaught(6));
		assertThat(this.cluster.lastReload().reason()).contains("optional-6");
	}

	private void repeat() {
		for (int worker = 1; worker <= 3; worker++) {
			reports(this.cluster, worker, uncaught(worker));
			replaced(worker);
		}
		reports(this.cluster, 4, uncaught(4));
	}

	private void replaced(int worker) {
		this.cluster.after(Duration.ofSeconds(20));
		this.cluster.ready(worker + 1);
		this.cluster.exits(worker, 0);
	}

	// Whether anything is done about it
	private boolean dies(int worker) {
		int lines = this.cluster.log().size();
		reports(this.cluster, worker, uncaught(worker));
		return this.cluster.log()
			.subList(lines, this.cluster.log().size())
			.stream()
			.anyMatch((line) -> line.contains("is to be replaced"));
	}

	private static List<PrimaryAction> reports(ScriptedCluster cluster, int worker, Message.Unhealthy report) {
		return cluster.says(worker, report);
	}

	private static Message.Unhealthy uncaught(int worker) {
		return new Message.Unhealthy(IncidentCause.UNCAUGHT,
				"Thread \"optional-%d\" ended with an error at 0x%x".formatted(worker, worker * 0xabcdefL), null);
	}

	private static String word(int number) {
		return "Random " + "ghijklmnopqrstuv".charAt(number);
	}

	// Nobody hangs for want of heartbeats
	private static ScriptedCluster up(int workers) {
		return ScriptedCluster.up(Configurations.of(workers, "cluster.worker.hang-timeout", "PT24H"));
	}

}
