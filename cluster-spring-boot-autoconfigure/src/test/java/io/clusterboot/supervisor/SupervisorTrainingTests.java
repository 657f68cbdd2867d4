package io.clusterboot.supervisor;

import java.util.List;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stories of trainings, which are in nobody's way.
 */
class SupervisorTrainingTests {

	private static final PrimaryAction STOP = new PrimaryAction.StopTraining(1);

	@Test
	void generationIsTrainedOnceWhenItWorksAndNobodyStarts() {
		ScriptedCluster cluster = new ScriptedCluster(Configurations.of(2, "cluster.reload.train", "background"));
		cluster.starts();
		assertThat(trainings(cluster.ready(1))).isEmpty();
		assertThat(trainings(cluster.ready(2))).containsExactly(train(1));
		cluster.on(new PrimaryEvent.Trained(1));
		cluster.exits(2, 1);
		assertThat(trainings(cluster.ready(3))).isEmpty();
	}

	@Test
	void workerThatStartsEndsTheTrainingFirstWhichBeginsAgainWhenItIsReady() {
		ScriptedCluster cluster = training();
		assertThat(cluster.exits(2, 1)).startsWith(STOP).contains(ScriptedCluster.fork(3, 1, 1));
		assertThat(trainings(cluster.ready(3))).containsExactly(train(1));
	}

	@Test
	void reloadEndsTheTrainingFirstAndTheNewGenerationIsTrainedWhenItIsOver() {
		ScriptedCluster cluster = training();
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).startsWith(STOP).contains(ScriptedCluster.fork(3, 0, 2));
		assertThat(trainings(cluster.ready(3))).isEmpty();
		cluster.exits(1, 0);
		assertThat(trainings(cluster.ready(4))).isEmpty();
		assertThat(trainings(cluster.exits(2, 0))).containsExactly(train(2));
	}

	@Test
	void reloadThatFailsLeavesTheOldGenerationToBeTrained() {
		ScriptedCluster cluster = training();
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(trainings(cluster.exits(3, 1))).containsExactly(train(1));
	}

	@Test
	void generationThatNeedsNoTrainingGetsNone() {
		ScriptedCluster cluster = new ScriptedCluster(Configurations.of(2, "cluster.reload.train", "background"));
		cluster.starts();
		cluster.on(new PrimaryEvent.Trained(1));
		cluster.ready(1);
		assertThat(trainings(cluster.ready(2))).isEmpty();
	}

	@Test
	void trainingThatWasDoneWhenItWasStoppedIsNotRepeated() {
		ScriptedCluster cluster = training();
		cluster.exits(2, 1);
		cluster.on(new PrimaryEvent.Trained(1));
		assertThat(trainings(cluster.ready(3))).isEmpty();
	}

	@Test
	void shutdownEndsTheTraining() {
		ScriptedCluster cluster = training();
		assertThat(cluster.on(new PrimaryEvent.ShutdownRequested("SIGTERM", 143))).startsWith(STOP);
	}

	private static ScriptedCluster training() {
		ScriptedCluster cluster = new ScriptedCluster(
				Configurations.of(2, "cluster.reload.train", "background", "cluster.reload.soak", "PT0S"));
		cluster.starts();
		cluster.ready(1);
		assertThat(trainings(cluster.ready(2))).containsExactly(train(1));
		return cluster;
	}

	private static PrimaryAction train(int generation) {
		return new PrimaryAction.Train(generation, 2);
	}

	private static List<PrimaryAction> trainings(List<PrimaryAction> actions) {
		return actions.stream().filter(PrimaryAction.Train.class::isInstance).toList();
	}

}
