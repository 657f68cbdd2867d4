package io.clusterboot.it;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.clusterboot.it.variant.ExitingAutoConfiguration;
import io.clusterboot.it.variant.FailingAutoConfiguration;
import io.clusterboot.it.variant.HangingAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a cluster starts, and how it does not.
 */
class StartIT {

	private static final Duration EXIT = Duration.ofSeconds(60);

	private static ClusterProcess shared;

	private static ClusterStatus started;

	@TempDir
	private Path directory;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test).workers("").start();
		started = shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void applicationThatAsksForMaxHasOneWorkerPerProcessor() {
		assertThat(started.target()).isEqualTo(Runtime.getRuntime().availableProcessors());
		assertThat(started.workers()).extracting(ClusterStatus.Worker::slot)
			.containsExactlyElementsOf(IntStream.range(0, started.target()).boxed().toList());
		assertThat(started.generation()).isEqualTo(1);
		assertThat(started.port()).isEqualTo(shared.port());
	}

	@Test
	void launcherBecomesPrimaryAndSaysHowToReload() {
		assertThat(started.primary().pid()).isEqualTo(shared.pid());
		assertThat(shared.output().lines("Cluster primary pid=")).hasSize(1)
			.first()
			.asString()
			.contains(" INFO ", "pid=" + shared.pid(), "with " + started.target() + " workers",
					"on port " + shared.port(), "kill -USR2 " + shared.pid(), "POST /actuator/cluster/reload");
	}

	@Test
	void everyWorkerServesTheSamePort() throws Exception {
		for (ClusterStatus.Worker worker : started.workers()) {
			// Or else every test takes longer
			assertThat(Nightly.isIt() || FastSample.isArchived(worker.pid())).isTrue();
			shared.await("answer of worker " + worker.id(), () -> shared.get("/").pid() == worker.pid());
		}
		HttpReply reply = shared.get("/");
		ClusterStatus.Worker worker = started.worker(Integer.parseInt(reply.said("slot")));
		assertThat(reply.body().replaceAll(" +", " "))
			.isEqualTo("Hello from worker=%d slot=%d pid=%d generation=1 version=1".formatted(worker.id(),
					worker.slot(), worker.pid()));
	}

	@Test
	void everyStepOfWorkersLifeIsOneLine() {
		for (ClusterStatus.Worker worker : started.workers()) {
			String tail = "worker=%d slot=%d gen=1 pid=%d ".formatted(worker.id(), worker.slot(), worker.pid());
			for (String step : new String[] { "forked", "online", "listening", "ready" }) {
				assertThat(shared.output().lines(tail + step)).as(tail + step).hasSize(1);
			}
		}
	}

	@Test
	void firstStartForksTheOthersWhenSlotZeroIsReady() {
		String text = shared.output().text();
		assertThat(text.indexOf("slot=0 gen=1 pid=" + started.worker(0).pid() + " ready")).isPositive()
			.isLessThan(text.indexOf("slot=" + (started.target() - 1) + " gen=1 pid="));
	}

	@Test
	void secondClusterOnSamePortFailsAsPlainBootAndFirstNeverNotices(TestInfo test) throws Exception {
		String noteworthy = " (WARN|ERROR) |worker=\\d+ slot=";
		List<String> before = shared.output().lines(noteworthy);
		Output output = assertFails(new ClusterLauncher(test).port(shared.port()));
		assertThat(output.text()).contains("APPLICATION FAILED TO START",
				"Web server failed to start. Port " + shared.port() + " was already in use.");
		assertThat(shared.status().pids()).isEqualTo(started.pids());
		assertThat(shared.output().lines(noteworthy)).isEqualTo(before);
	}

	@Test
	void secondClusterFailsEvenWhileFirstIsNotListeningYet(TestInfo test) throws Exception {
		ClusterLauncher hanging = new ClusterLauncher(test).named("first")
			.with(this.directory, HangingAutoConfiguration.class);
		try (ClusterProcess first = hanging.start()) {
			first.awaitOutput("slot=0 gen=1 pid=\\d+ online");
			Output output = assertFails(new ClusterLauncher(test).named("second").port(first.port()));
			assertThat(output.text()).contains("Port " + first.port() + " was already in use.");
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> HttpReply.get(first.port(), "/"));
			// A worker that is still starting is not asked but killed, or this would hang
			first.signal("TERM");
			assertThat(first.awaitExit(Duration.ofSeconds(5))).isEqualTo(143);
		}
	}

	@Test
	void clusterWhoseFirstWorkerFailsExitsWithItsCodeAndOneSummary(TestInfo test) throws Exception {
		Path jar = SampleJar.with(this.directory.resolve("failing.jar"), FailingAutoConfiguration.class);
		try (ClusterProcess cluster = new ClusterLauncher(test).jar(jar).start()) {
			assertThat(cluster.awaitExit(EXIT)).isEqualTo(1);
			assertThat(cluster.output().lines("gen=1 pid=\\d+ forked")).hasSize(1);
			String text = cluster.output().text();
			assertThat(text).contains("This version is broken");
			assertThat(text.indexOf("This version is broken")).isLessThan(text.lastIndexOf("exit code 1"));
		}
	}

	@Test
	void clusterWhoseFirstWorkerExitsThreeExitsThree(TestInfo test) throws Exception {
		Path jar = SampleJar.with(this.directory.resolve("exiting.jar"), ExitingAutoConfiguration.class);
		try (ClusterProcess cluster = new ClusterLauncher(test).jar(jar)
			.arguments("--" + ExitingAutoConfiguration.CODE + "=3")
			.start()) {
			assertThat(cluster.awaitExit(EXIT)).isEqualTo(3);
			assertThat(cluster.output().lines("gen=1 pid=\\d+ exited: exit code 3")).hasSize(1);
		}
	}

	@Test
	void clusterOnPortZeroHasOnePortForAllWorkers(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).port(0).start()) {
			cluster.awaitOutput("Cluster primary pid=");
			cluster.port(Integer.parseInt(cluster.output().group("on port (\\d+)")));
			assertThat(cluster.port()).isPositive();
			ClusterStatus status = cluster.awaitSettled();
			assertThat(status.port()).isEqualTo(cluster.port());
			cluster.reload("");
			assertThat(cluster.awaitReload(1).port()).isEqualTo(cluster.port());
		}
	}

	@Test
	void clusterWithoutAddressServesBothFamilies() throws Exception {
		assertThat(HttpReply.get(new InetSocketAddress("127.0.0.1", shared.port()), "/").status()).isEqualTo(200);
		assertThat(HttpReply.get(new InetSocketAddress("::1", shared.port()), "/").status()).isEqualTo(200);
	}

	@Test
	void clusterOnIpv4LoopbackServesNothingElse(TestInfo test) throws Exception {
		assertServesOnly(test, "127.0.0.1", "::1");
	}

	@Test
	void clusterOnIpv6LoopbackServesNothingElse(TestInfo test) throws Exception {
		assertServesOnly(test, "::1", "127.0.0.1");
	}

	private void assertServesOnly(TestInfo test, String address, String other) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).workers("1").arguments("--server.address=" + address);
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitOutput("gen=1 pid=\\d+ ready");
			InetSocketAddress served = new InetSocketAddress(address, cluster.port());
			assertThat(HttpReply.get(served, "/").body()).contains("slot=0");
			InetSocketAddress refused = new InetSocketAddress(other, cluster.port());
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> HttpReply.get(refused, "/"));
		}
	}

	@Test
	void applicationWithZeroWorkersIsPlainBoot(TestInfo test) throws Exception {
		try (ClusterProcess plain = new ClusterLauncher(test).workers("0").start()) {
			plain.await("plain application", () -> plain.get("/").status() == 200);
			assertThat(plain.get("/").body()).contains("worker=none", "pid=" + plain.pid());
			assertThat(plain.processes()).hasSize(1);
			assertThat(plain.get("/actuator/cluster").status()).isEqualTo(404);
			assertThat(plain.output().text()).doesNotContainIgnoringCase("cluster primary");
			plain.signal("TERM");
			assertThat(plain.awaitExit(EXIT)).isEqualTo(143);
		}
	}

	@Test
	void environmentVariableTurnsClusterOff(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).workers("").environment("CLUSTER_WORKERS", "off");
		try (ClusterProcess plain = launcher.start()) {
			plain.await("plain application", () -> plain.get("/").pid() == plain.pid());
		}
	}

	@Test
	void unknownNumberOfWorkersFailsWithAnalysisThatNamesIt(TestInfo test) throws Exception {
		Output output = assertFails(new ClusterLauncher(test).workers("many"));
		assertThat(output.text()).contains("APPLICATION FAILED TO START", "many", "max");
	}

	private Output assertFails(ClusterLauncher launcher) throws Exception {
		ClusterProcess failed = launcher.start();
		try {
			assertThat(failed.awaitExit(EXIT)).isEqualTo(1);
			assertThat(failed.processes()).isEmpty();
			return failed.output();
		}
		finally {
			// Or it would serve on the port that the others use
			failed.kill();
		}
	}

	@Test
	void pidFileIsThePrimarys(TestInfo test) throws Exception {
		Path jar = SampleJar.with(this.directory.resolve("pidfile.jar"), "META-INF/spring.factories",
				"org.springframework.context.ApplicationListener=org.springframework.boot.context.ApplicationPidFileWriter\n",
				null);
		Path file = this.directory.resolve("application.pid");
		ClusterLauncher launcher = new ClusterLauncher(test).workers("1").jar(jar);
		try (ClusterProcess cluster = launcher.arguments("--spring.pid.file=" + file).start()) {
			cluster.awaitSettled();
			assertThat(file).hasContent(Long.toString(cluster.pid()));
			cluster.reload("");
			cluster.awaitReload(1);
			assertThat(file).hasContent(Long.toString(cluster.pid()));
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(EXIT)).isEqualTo(143);
			assertThat(Files.exists(file)).isFalse();
		}
	}

}
