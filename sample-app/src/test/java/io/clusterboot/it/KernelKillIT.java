package io.clusterboot.it;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * A container whose memory a worker uses up.
 */
class KernelKillIT {

	@Test
	void workerThatTheKernelKillsForWantOfMemoryIsReplaced(TestInfo test) throws Exception {
		try (SmallMemory memory = SmallMemory.create(700);
				ClusterProcess cluster = new ClusterLauncher(test).prefix(memory.prefix())
					.moreJvmOptions("-XX:MaxDirectMemorySize=1g")
					.arguments("--sample.faults=true")
					.start()) {
			ClusterStatus before = cluster.awaitSettled();
			ClusterStatus.Worker victim = before.worker(1);
			assertThatIOException()
				.isThrownBy(() -> cluster.exchange(victim.pid(), "POST", "/faults/leak?megabytes=700"));
			Incident incident = cluster.awaitIncident(victim.id());
			assertThat(incident.cause()).isEqualTo("kernel-oom-kill");
			assertThat(incident.exit()).contains("SIGKILL");
			assertThat(incident.heartbeat()).isNotNull();
			ClusterStatus after = cluster.awaitSettled();
			assertThat(after.worker(1).id()).isGreaterThan(victim.id());
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
			assertThat(cluster.get("/").status()).isEqualTo(200);
		}
	}

}
