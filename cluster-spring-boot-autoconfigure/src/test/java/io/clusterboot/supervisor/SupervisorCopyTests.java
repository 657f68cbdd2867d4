package io.clusterboot.supervisor;

import io.clusterboot.ClusterState;
import io.clusterboot.ReloadStatus;
import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stories of the snapshots that generations run from.
 */
class SupervisorCopyTests {

	@Test
	void crashBringsBackTheGenerationThatCrashed() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.failSnapshots("half a jar");
		assertThat(cluster.exits(1, 137)).contains(ScriptedCluster.fork(2, 0, 1));
	}

	@Test
	void snapshotThatFailsEndsTheReloadBeforeAnythingIsForked() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.failSnapshots("app.jar is not a complete archive");
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).isEmpty();
		assertThat(cluster.lastReload()).extracting("status", "reason")
			.containsExactly(ReloadStatus.FAILED, "app.jar is not a complete archive");
		assertThat(cluster.snapshot().state()).isEqualTo(ClusterState.RUNNING);
		cluster.failSnapshots(null);
		assertThat(cluster.reload(ReloadStrategy.ROLLING)).containsExactly(ScriptedCluster.fork(3, 0, 3));
	}

	@Test
	void snapshotThatFailsEndsTheReloadAlthoughAWorkerStillDrains() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.on(new PrimaryEvent.ScaleRequested("SIGTTOU", -1));
		cluster.failSnapshots("app.jar is not a complete archive");
		cluster.reload(ReloadStrategy.ROLLING);
		assertThat(cluster.lastReload().status()).isEqualTo(ReloadStatus.FAILED);
	}

	@Test
	void snapshotOfTheOldGenerationIsDiscardedWhenItsLastWorkerIsGone() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.ready(2);
		assertThat(cluster.discarded()).isEmpty();
		cluster.exits(1, 0);
		assertThat(cluster.discarded()).containsExactly(1);
	}

	@Test
	void snapshotOfAFailedGenerationIsDiscarded() {
		ScriptedCluster cluster = ScriptedCluster.up(1);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.exits(2, 3);
		assertThat(cluster.discarded()).containsExactly(2);
	}

	@Test
	void firstSnapshotThatFailsEndsThePrimary() {
		ScriptedCluster cluster = new ScriptedCluster(2);
		cluster.failSnapshots("no space left on device");
		assertThat(cluster.starts()).containsExactly(new PrimaryAction.Exit(1));
		assertThat(cluster.log()).anyMatch((line) -> line.contains("no space left on device"));
	}

}
