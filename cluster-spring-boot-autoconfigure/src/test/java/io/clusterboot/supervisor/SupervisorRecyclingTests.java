package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.ResponseCounts;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@link Supervisor} that replaces workers which have done their part.
 */
class SupervisorRecyclingTests {

	private static final long MEGABYTE = 1024 * 1024;

	@Test
	void workersThatAnsweredEnoughAreReplacedOneAfterTheOther() {
		ScriptedCluster cluster = up("cluster.worker.max-requests", "500");
		assertThat(beats(cluster, 1, 0, 440)).isEmpty();
		assertThat(beats(cluster, 1, 0, 560)).containsExactly(ScriptedCluster.fork(3, 0, 1));
		assertThat(beats(cluster, 2, 0, 560)).isEmpty();
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.drain(1));
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(4, 1, 1));
		assertThat(cluster.log()).anyMatch((line) -> line
			.endsWith("is to be replaced: it has answered 560 requests (cluster.worker.max-requests is 500)"));
		assertThat(cluster.incidents()).isEmpty();
	}

	@Test
	void limitsDifferFromWorkerToWorker() {
		ScriptedCluster cluster = ScriptedCluster.up(Configurations.of(20, "cluster.worker.max-requests", "500"));
		for (int worker = 1; worker <= 20; worker++) {
			beats(cluster, worker, 0, 500);
		}
		long worn = cluster.log().stream().filter((line) -> line.contains("is to be replaced")).count();
		assertThat(worn).isBetween(1L, 19L);
	}

	@Test
	void workerThatGrowsTooLargeIsReplaced() {
		ScriptedCluster cluster = up("cluster.worker.max-memory", String.valueOf(500 * MEGABYTE));
		beats(cluster, 1, 300, 0);
		cluster.after(Duration.ofSeconds(11));
		assertThat(beats(cluster, 1, 560, 0)).containsExactly(ScriptedCluster.fork(3, 0, 1),
				ScriptedCluster.steer(0, 1));
		assertThat(cluster.log())
			.anyMatch((line) -> line.endsWith("it uses 560 MB (cluster.worker.max-memory is 500 MB)"));
	}

	@Test
	void memoryLimitThatAFreshWorkerExceedsIsReportedOnceAndIgnored() {
		ScriptedCluster cluster = up("cluster.worker.max-memory", String.valueOf(100 * MEGABYTE));
		assertThat(beats(cluster, 1, 300, 0)).isEmpty();
		assertThat(beats(cluster, 2, 300, 0)).isEmpty();
		cluster.after(Duration.ofMinutes(1));
		assertThat(beats(cluster, 1, 300, 0)).containsExactly(ScriptedCluster.steer(0));
		assertThat(cluster.log().stream().filter((line) -> line.contains("cluster.worker.max-memory"))).singleElement()
			.asString()
			.contains("worker=1", "300 MB", "100 MB", "ignored");
	}

	@Test
	void memoryLimitThatWasUselessAppliesWhenAReloadHasCorrectedIt() {
		ScriptedCluster cluster = up("cluster.worker.max-memory", String.valueOf(100 * MEGABYTE));
		beats(cluster, 1, 300, 0);
		cluster.reload(ReloadStrategy.PARALLEL);
		cluster.says(3, new Message.Configuration(Map.of("cluster.worker.max-memory", String.valueOf(500 * MEGABYTE))));
		cluster.ready(3);
		cluster.ready(4);
		cluster.exits(1, 0);
		cluster.exits(2, 0);
		cluster.after(Duration.ofSeconds(11));
		assertThat(beats(cluster, 3, 560, 0)).containsExactly(ScriptedCluster.fork(5, 0, 2));
	}

	@Test
	void workersAreReplacedAfterTheirLifetimeAlthoughNothingHappens() {
		ScriptedCluster cluster = up("cluster.worker.max-lifetime", "PT10M");
		assertThat(cluster.after(Duration.ofMinutes(9).minusSeconds(1))).isEmpty();
		List<PrimaryAction> actions = List.of();
		for (int second = 0; second < 121 && actions.isEmpty(); second++) {
			actions = cluster.after(Duration.ofSeconds(1));
		}
		assertThat(actions).hasSize(1).hasOnlyElementsOfType(PrimaryAction.Fork.class);
		int replaced = (actions.contains(ScriptedCluster.fork(3, 0, 1))) ? 1 : 2;
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.open(3), ScriptedCluster.drain(replaced));
		cluster.exits(replaced, 0);
		cluster.after(Duration.ofMinutes(2));
		assertThat(cluster.snapshot().workers()).extracting("id").contains(4);
	}

	@Test
	void scalingDoesNotWaitForRecyclingToEnd() {
		ScriptedCluster cluster = up("cluster.worker.max-requests", "500");
		beats(cluster, 1, 0, 600);
		beats(cluster, 2, 0, 600);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTIN", 1));
		cluster.ready(3);
		assertThat(cluster.exits(1, 0)).containsExactly(ScriptedCluster.fork(4, 2, 1));
		assertThat(cluster.snapshot().target()).isEqualTo(3);
		cluster.ready(4);
		assertThat(cluster.snapshot().workers()).extracting("id").contains(5);
	}

	private static ScriptedCluster up(String name, String value) {
		return ScriptedCluster.up(Configurations.of(2, name, value));
	}

	private static List<PrimaryAction> beats(ScriptedCluster cluster, int worker, int megabytes, long requests) {
		return cluster.says(worker, Beats.of(0, 0, megabytes * MEGABYTE, new ResponseCounts(0, requests, 0, 0, 0)));
	}

}
