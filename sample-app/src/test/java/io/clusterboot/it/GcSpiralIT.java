package io.clusterboot.it;

import java.time.Duration;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker that has next to no heap left and so does next to nothing but collect garbage,
 * without ever running out of memory.
 */
@Tag("alone")
@Tag("nightly")
class GcSpiralIT {

	@Test
	void workerThatOnlyCollectsGarbageIsReplaced(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test)
			.arguments("--sample.faults=true", "--cluster.drain.timeout=5s")
			.start()) {
			ClusterStatus before = cluster.awaitSettled();
			ClusterStatus.Worker victim = before.worker(1);
			cluster.exchange(victim.pid(), "POST", "/faults/gc-spiral");
			cluster.await("replacement")
				.atMost(Duration.ofMinutes(3))
				.until(cluster::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
			Incident incident = cluster.awaitIncident(victim.id());
			assertThat(incident.cause()).isEqualTo("gc-overhead");
			assertThat(incident.detail()).containsPattern("took (98|99|100)\\.\\d % of the last \\d+ s");
			assertThat(incident.threadDump()).contains("sample-gc-spiral");
			assertThat(cluster.awaitSettled().worker(0).pid()).isEqualTo(before.worker(0).pid());
		}
	}

}
