package io.clusterboot.it;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What signals do, and what they must not do.
 */
class SignalsIT {

	@TempDir
	private Path directory;

	@Test
	void nohupTakesSighupAwayAndTheLogSaysWhatToUse(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1").prefix("nohup").start()) {
			ClusterStatus before = cluster.awaitSettled();
			assertThat(cluster.output().lines(" WARN .*SIGHUP")).hasSize(1)
				.first()
				.asString()
				.contains("SIGUSR2", "/actuator/cluster/reload");
			cluster.signal("HUP");
			assertNothingHappens(cluster, before);
			cluster.signal("USR2");
			ClusterStatus after = cluster.awaitReload(1);
			assertThat(after.lastReload().trigger()).isEqualTo("SIGUSR2");
			assertThat(after.lastReload().status()).isEqualTo("succeeded");
		}
	}

	@Test
	void launcherWithFlightRecordingNeverReloadsByItself(TestInfo test) throws Exception {
		Path recording = this.directory.resolve("recording.jfr");
		ClusterLauncher launcher = new ClusterLauncher(test).workers("1")
			.moreJvmOptions("-XX:StartFlightRecording=settings=profile,filename=" + recording);
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			// The sampler suspends threads of whatever JVM records while they are busy
			assertThat(cluster.get("/cpu?ms=2000").status()).isEqualTo(200);
			assertNothingHappens(cluster, before);
			cluster.signal("USR2");
			assertThat(cluster.awaitReload(1).lastReload().status()).isEqualTo("succeeded");
		}
	}

	@Test
	void interruptOfAWorkerIsIgnoredOnceAndQuitOfThePrimaryIsAThreadDump(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1").start()) {
			ClusterStatus before = cluster.awaitSettled();
			ClusterProcess.signal(before.worker(0).pid(), "INT");
			cluster.signal("QUIT");
			cluster.awaitOutput("\"cluster-primary\"");
			assertNothingHappens(cluster, before);
			// Whoever means it says it twice
			ClusterProcess.signal(before.worker(0).pid(), "INT");
			cluster.awaitOutput("pid=%d exited: .*130".formatted(before.worker(0).pid()));
		}
	}

	@Test
	void terminateBeforeAnythingIsReadyEndsAtOnce(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).start()) {
			cluster.awaitOutput("slot=0 gen=1 pid=\\d+ forked");
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(Duration.ofSeconds(5))).isEqualTo(143);
			cluster.assertNothingLeft();
		}
	}

	@Test
	void reloadSignalsInABurstAreAtMostTwoReloads(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1").start()) {
			cluster.awaitSettled();
			Stream.generate(() -> "USR2").limit(5).forEach(cluster::signal);
			cluster.awaitReload(1);
			// One more may have been asked for while the first ran
			ClusterStatus after = cluster.await("end of the last reload")
				.during(Duration.ofSeconds(1))
				.until(cluster::status, ClusterStatus::isSettled);
			assertThat(after.generation()).isBetween(2, 3);
			assertThat(after.lastReload().status()).isEqualTo("succeeded");
		}
	}

	@Test
	void everythingIsFoundAndEndedByTheNameOfTheJar(TestInfo test) throws Exception {
		Tool.assumeInstalled("pkill");
		String name = "shop-%d.jar".formatted(System.nanoTime());
		try (ClusterProcess cluster = new ClusterLauncher(test).jar(SampleJar.copy(this.directory.resolve(name)))
			.start()) {
			cluster.awaitSettled();
			assertThat(Tool.run("pgrep", "-f", name).output().lines()).contains(Long.toString(cluster.pid()));
			Tool.run("pkill", "-f", name);
			assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
			cluster.assertNothingLeft();
		}
	}

	private void assertNothingHappens(ClusterProcess cluster, ClusterStatus before) {
		Awaitility.await("nothing happens, see " + cluster.output().file())
			.during(Duration.ofMillis(1500))
			.atMost(Duration.ofSeconds(30))
			.untilAsserted(() -> {
				ClusterStatus now = cluster.status();
				assertThat(now.pids()).isEqualTo(before.pids());
				assertThat(now.state()).isEqualTo("running");
				assertThat(now.lastReload()).isNull();
			});
	}

}
