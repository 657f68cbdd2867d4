package io.clusterboot.it;

import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Somebody serves even if nobody is ready.
 */
class LastResortIT {

	@Test
	void applicationThatCallsItsOwnPortAndRefusesTrafficServesAllTheSame(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1")
			.arguments("--sample.runner=own-port", "--sample.faults=true",
					"--management.endpoint.health.probes.enabled=true")
			.start()) {
			ClusterStatus before = cluster.awaitSettled();
			assertThat(cluster.output().has("Warmed up: Hello from worker=1 ")).isTrue();
			ClusterProcess.signal(before.pids().iterator().next(), "KILL");
			cluster.awaitOutput("No worker is ready");
			cluster.awaitOutput("Warmed up: Hello from worker=2 ");
			assertThat(cluster.awaitSettled().pids()).doesNotContainAnyElementsOf(before.pids());

			cluster.post("/faults/readiness?state=REFUSING_TRAFFIC", "");
			cluster.await("answer of the worker that refuses traffic",
					() -> cluster.get("/actuator/health/readiness").status() == 503);
			assertThat(cluster.get("/").status()).isEqualTo(200);
			assertThat(cluster.status().workers().get(0).state()).isEqualTo("open");
			cluster.post("/faults/readiness?state=ACCEPTING_TRAFFIC", "");
			cluster.awaitOutput("A worker is ready again");
			assertThat(cluster.awaitSettled().workers().get(0).state()).isEqualTo("ready");
		}
	}

	@Test
	void applicationThatIsNeverReadySaysWhatItWaitsFor(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1")
			.arguments("--sample.runner=endless", "--cluster.worker.start-timeout=10s")
			.start()) {
			cluster.await("answer before it is ready", () -> cluster.get("/").status() == 200);
			assertThat(cluster.awaitExit(Duration.ofSeconds(40))).isOne();
			assertThat(cluster.output()
				.has("ERROR .*not ready within \\d+(\\.\\d)? s: its web server was up, but .* \\(ACCEPTING_TRAFFIC\\): "
						+ "a runner or listener has not returned; main is in .*SampleRunner.run"))
				.isTrue();
		}
	}

}
