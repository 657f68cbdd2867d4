package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.Precedence;
import io.clusterboot.contract.PrimaryEvent;
import io.clusterboot.supervisor.settings.ClusterConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stories about starts that compete for processors.
 */
class SupervisorPaceTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	// Of processor time that each start takes, in seconds
	private static final double WORK = 9;

	@Test
	void noMoreWorkersStartAtOnceThanThereAreProcessors() {
		ScriptedCluster cluster = new ScriptedCluster(of(4, "machine.processors", "2"));
		cluster.starts();
		assertThat(cluster.ready(1)).contains(ScriptedCluster.fork(2, 1, 1), ScriptedCluster.fork(3, 2, 1))
			.doesNotContain(ScriptedCluster.fork(4, 3, 1));
		assertThat(cluster.log()).filteredOn((line) -> line.contains("cluster.worker.parallel-starts"))
			.singleElement()
			.asString()
			.startsWith("2 workers start at the same time, others wait for their turn");
		assertThat(cluster.ready(2)).contains(ScriptedCluster.fork(4, 3, 1));
	}

	@Test
	void userCanHaveMoreStartAtOnce() {
		ScriptedCluster cluster = new ScriptedCluster(
				of(4, "machine.processors", "1", "cluster.worker.parallel-starts", "3"));
		cluster.starts();
		assertThat(cluster.ready(1)).contains(ScriptedCluster.fork(4, 3, 1));
	}

	@Test
	void deathOfAStartLetsTheNextOneBegin() {
		ScriptedCluster cluster = new ScriptedCluster(of(3, "machine.processors", "1"));
		cluster.starts();
		cluster.ready(1);
		assertThat(cluster.exits(2, 1)).contains(ScriptedCluster.fork(3, 1, 1));
		assertThat(cluster.exits(3, 1)).contains(ScriptedCluster.fork(4, 2, 1));
	}

	@Test
	void parallelReloadStartsItsWorkersInTurnAndSwitchesTogether() {
		ScriptedCluster cluster = ScriptedCluster.up(of(2, "machine.processors", "1", "cluster.reload.max-surge", "2"));
		assertThat(cluster.reload(ReloadStrategy.PARALLEL)).containsExactly(ScriptedCluster.fork(3, 0, 2));
		assertThat(cluster.ready(3)).containsExactly(ScriptedCluster.fork(4, 1, 2));
		assertThat(cluster.ready(4)).contains(ScriptedCluster.open(3), ScriptedCluster.open(4),
				ScriptedCluster.drain(1), ScriptedCluster.drain(2));
	}

	@Test
	void rollingReloadThatWaitsForItsBudgetSaysNothingOfProcessors() {
		ScriptedCluster cluster = ScriptedCluster.up(of(2, "machine.processors", "1", "cluster.reload.max-surge", "1"));
		cluster.log().clear();
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(3);
		assertThat(cluster.log()).noneMatch((line) -> line.contains("cluster.worker.parallel-starts"));
	}

	@Test
	void slotThatNobodyHasDoesNotWaitForAReplacement() {
		ScriptedCluster cluster = ScriptedCluster.up(of(2, "machine.processors", "1"));
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.exits(2, 137)).contains(ScriptedCluster.fork(4, 1, 1));
	}

	@Test
	void replacementWaitsForASlotThatNobodyHas() {
		ScriptedCluster cluster = ScriptedCluster.up(of(2, "machine.processors", "1"));
		cluster.exits(2, 137);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).isEmpty();
		assertThat(cluster.ready(3)).contains(ScriptedCluster.fork(4, 0, 2));
	}

	@Test
	void startThatMakesProgressIsGivenMoreTime() {
		ScriptedCluster cluster = new ScriptedCluster(of(1));
		cluster.starts();
		cluster.on(new PrimaryEvent.WorkerForked(1, 1001));
		cluster.says(1, new Message.Hello(Message.Hello.PROTOCOL));
		for (int second = 1; second <= 200; second++) {
			assertThat(cluster.after(SECOND)).isEmpty();
			cluster.says(1, Beats.of(second / 20, Duration.ofMillis(20L * second)));
		}
		assertThat(cluster.log()).filteredOn((line) -> line.contains("still starting"))
			.hasSize(6)
			.first()
			.asString()
			.isEqualTo("worker=1 slot=0 gen=1 pid=1001 still starting: 1 beans, 0.6 s of processor time");
		assertThat(cluster.after(Duration.ofSeconds(59))).isEmpty();
		assertThat(cluster.after(SECOND)).containsExactly(ScriptedCluster.askForThreads(1));
		cluster.after(ScriptedCluster.EXPLANATION);
		assertThat(cluster.log()).anyMatch((line) -> line.contains("killed: not ready within 260 s"));
	}

	@Test
	void startThatOnlyWaitsIsNotGivenMoreTime() {
		ScriptedCluster cluster = new ScriptedCluster(of(1));
		cluster.starts();
		cluster.on(new PrimaryEvent.WorkerForked(1, 1001));
		cluster.says(1, new Message.Hello(Message.Hello.PROTOCOL));
		for (int second = 1; second < 60; second++) {
			cluster.after(SECOND);
			cluster.says(1, Beats.of(0, Duration.ofMillis(20L * second)));
		}
		assertThat(cluster.after(SECOND)).containsExactly(ScriptedCluster.askForThreads(1));
	}

	@Test
	void startThatNeverEndsIsGivenUpHoweverMuchProcessorTimeItUses() {
		ScriptedCluster cluster = new ScriptedCluster(of(1));
		cluster.starts();
		cluster.on(new PrimaryEvent.WorkerForked(1, 1001));
		cluster.says(1, new Message.Hello(Message.Hello.PROTOCOL));
		for (int second = 1; second < 300; second++) {
			assertThat(cluster.after(SECOND)).isEmpty();
			cluster.says(1, Beats.of(0, Duration.ofSeconds(second)));
		}
		assertThat(cluster.after(SECOND)).containsExactly(ScriptedCluster.askForThreads(1));
	}

	@Test
	void whoStartsWhileOthersServeLeavesThemProcessors() {
		ScriptedCluster cluster = new ScriptedCluster(of(2));
		cluster.starts();
		cluster.listens(1);
		assertThat(cluster.confined()).as("nobody serves").isEmpty();
		cluster.ready(1);
		assertThat(cluster.confined()).as("from its fork on").isEqualTo(Map.of(2, Precedence.LAST));
		cluster.listens(2);
		assertThat(cluster.confined()).isEqualTo(Map.of(2, Precedence.LAST));
		cluster.ready(2);
		assertThat(cluster.confined()).isEqualTo(Map.of(2, Precedence.COMPILERS_LATER));
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(3);
		assertThat(cluster.confined()).isEqualTo(Map.of(2, Precedence.COMPILERS_LATER, 3, Precedence.LAST));
		cluster.exits(1, 137);
		cluster.exits(2, 137);
		assertThat(cluster.confined()).as("nobody serves any more").doesNotContainKey(3);
	}

	@Test
	void compilersOfWhoStartedWhileOthersServedStandBackForHalfAMinute() {
		ScriptedCluster cluster = new ScriptedCluster(of(2));
		cluster.starts();
		cluster.ready(1);
		cluster.ready(2);
		cluster.after(Duration.ofSeconds(29));
		assertThat(cluster.confined()).isEqualTo(Map.of(2, Precedence.COMPILERS_LATER));
		cluster.after(SECOND);
		assertThat(cluster.confined()).isEmpty();
	}

	@Test
	void startThatGetsNextToNothingIsLetIn() {
		ScriptedCluster cluster = new ScriptedCluster(of(2));
		cluster.starts();
		cluster.ready(1);
		cluster.listens(2);
		cluster.after(Duration.ofSeconds(4));
		cluster.says(2, Beats.of(0, Duration.ofMillis(1500)));
		cluster.after(SECOND);
		assertThat(cluster.confined()).as("1.5 s of 5").isEqualTo(Map.of(2, Precedence.LAST));
		cluster.after(Duration.ofSeconds(4));
		cluster.says(2, Beats.of(0, Duration.ofMillis(2499)));
		assertThat(cluster.confined()).isEqualTo(Map.of(2, Precedence.LAST));
		cluster.after(SECOND);
		assertThat(cluster.confined()).as("less than 1 s of the next 5").isEqualTo(Map.of(2, Precedence.BESIDE));
		cluster.says(2, Beats.of(0, Duration.ofSeconds(10)));
		cluster.after(Duration.ofSeconds(5));
		assertThat(cluster.confined()).as("it stays so").isEqualTo(Map.of(2, Precedence.BESIDE));
		cluster.ready(2);
		assertThat(cluster.confined()).isEqualTo(Map.of(2, Precedence.COMPILERS_LATER));
	}

	@Test
	void startThatSaysNothingIsLetIn() {
		ScriptedCluster cluster = new ScriptedCluster(of(2));
		cluster.starts();
		cluster.ready(1);
		cluster.after(Duration.ofSeconds(5));
		assertThat(cluster.confined()).isEqualTo(Map.of(2, Precedence.BESIDE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "16" })
	void allGetReadyHoweverManyThereAre(String parallelStarts) {
		CrowdedMachine machine = new CrowdedMachine(
				of(16, "machine.processors", "1", "cluster.worker.parallel-starts", parallelStarts));
		machine.runUntilAllAreReady(Duration.ofMinutes(6));
		machine.cluster.reload(ReloadStrategy.PARALLEL);
		machine.runUntilAllAreReady(Duration.ofMinutes(6));
		assertThat(machine.cluster.lastReload().status()).isEqualTo(ReloadStatus.SUCCEEDED);
		machine.killAll();
		machine.runUntilAllAreReady(Duration.ofMinutes(6));
		assertThat(machine.cluster.incidents()).noneMatch((incident) -> incident.detail().contains("not ready"));
	}

	private static ClusterConfiguration of(int workers, String... changes) {
		return Configurations.of(workers, changes);
	}

	/**
	 * One processor that all starts share.
	 */
	private static final class CrowdedMachine {

		private final ScriptedCluster cluster;

		// Seconds of processor time by worker
		private final Map<Integer, Double> done = new HashMap<>();

		CrowdedMachine(ClusterConfiguration configuration) {
			this.cluster = new ScriptedCluster(configuration);
			this.cluster.starts();
		}

		void runUntilAllAreReady(Duration limit) {
			for (long second = 0; second < limit.toSeconds(); second++) {
				this.cluster.after(SECOND);
				work();
				if (isReady()) {
					return;
				}
			}
			throw new AssertionError("Not all are ready: " + this.cluster.snapshot());
		}

		private boolean isReady() {
			List<WorkerSnapshot> workers = this.cluster.snapshot().workers();
			return workers.size() == 16 && workers.stream()
				.allMatch((worker) -> worker.state() == WorkerState.READY
						&& worker.generation() == this.cluster.snapshot().generation());
		}

		private void work() {
			List<Integer> starting = new ArrayList<>();
			for (WorkerSnapshot worker : this.cluster.snapshot().workers()) {
				if (worker.state() == WorkerState.FORKED) {
					this.cluster.on(new PrimaryEvent.WorkerForked(worker.id(), 1000 + worker.id()));
					this.cluster.says(worker.id(), new Message.Hello(Message.Hello.PROTOCOL));
					starting.add(worker.id());
				}
				else if (worker.state() == WorkerState.ONLINE) {
					starting.add(worker.id());
				}
				else if (worker.state() == WorkerState.DRAINING) {
					this.cluster.exits(worker.id(), 0);
				}
			}
			for (int worker : starting) {
				double seconds = this.done.merge(worker, 1.0 / starting.size(), Double::sum);
				this.cluster.says(worker, Beats.of(1, Duration.ofMillis((long) (1000 * seconds))));
				if (seconds >= WORK) {
					this.cluster.ready(worker);
				}
			}
		}

		void killAll() {
			this.cluster.snapshot().workers().forEach((worker) -> this.cluster.exits(worker.id(), 137));
		}

	}

}
