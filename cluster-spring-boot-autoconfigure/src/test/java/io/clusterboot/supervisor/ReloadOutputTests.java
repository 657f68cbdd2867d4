package io.clusterboot.supervisor;

import java.util.List;
import java.util.stream.IntStream;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.ExitEvidence;
import io.clusterboot.contract.PrimaryEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a failed reload shows of the output of the worker because of which it failed.
 */
class ReloadOutputTests {

	@Test
	void outputIsTheLastLinesThatFitIntoAMessageWithThoseOfOtherReloads() {
		ScriptedCluster cluster = ScriptedCluster.up(2);
		cluster.reload(ReloadStrategy.ROLLING);
		cluster.listens(3);
		cluster.on(new PrimaryEvent.WorkerExited(3, 1, "exit code 1", lines(1, 200), ExitEvidence.NONE));
		assertThat(cluster.lastReload().output()).isEqualTo(lines(151, 200));
	}

	private static List<String> lines(int first, int last) {
		return IntStream.rangeClosed(first, last).mapToObj((line) -> "line " + line).toList();
	}

}
