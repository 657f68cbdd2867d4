package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The command {@code cluster} and a real cluster, from its start to its end.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandIT {

	private static final Path SCRIPT = Path.of("..", "cluster-cli", "cluster");

	@TempDir
	private static Path directory;

	private static Path live;

	private static Path sockets;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		live = SampleJar.copy(directory.resolve("live.jar"));
		sockets = directory.resolve("control");
		cluster = new ClusterLauncher(test).jar(live)
			.arguments("--cluster.control.directory=" + sockets, "--cluster.reload.train=off")
			.start();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	@Order(1)
	void statusIsBadWhileTheClusterStartsAndGoodWhenItServes() {
		cluster.await("a control socket").until(() -> command("status").exitCode() == 1);
		cluster.awaitSettled();
		Tool status = assertGood("status");
		assertThat(status.output()).contains("sample", "pid " + cluster.pid(), "port " + cluster.port(), "running",
				"generation 1", "2/2 ready");
		assertThat(assertGood("status", "--cluster", "sample").output()).contains("2/2 ready");
		assertThat(assertGood("status", "-c", String.valueOf(cluster.port())).output()).contains("2/2 ready");
		assertThat(command("status", "-c", "other").exitCode()).isEqualTo(3);
	}

	@Test
	@Order(2)
	void listAndDescribeShowWhatTheEndpointShows() {
		ClusterStatus expected = cluster.awaitSettled();
		String list = assertGood("list").output();
		for (ClusterStatus.Worker worker : expected.workers()) {
			assertThat(list)
				.containsPattern("(?m)^ +%d +%d +%d +1 +ready ".formatted(worker.slot(), worker.id(), worker.pid()));
			assertThat(assertGood("describe", String.valueOf(worker.slot())).output())
				.containsPattern("pid +" + worker.pid() + "\n");
			assertThat(assertGood("curl", String.valueOf(worker.slot()), "/").output())
				.contains("worker=" + worker.id());
		}
		assertThat(assertGood("list", "--json").output()).startsWith("{\"schema\":1,\"result\":[{\"name\":\"sample\"");
		assertThat(command("describe", "7").exitCode()).isEqualTo(1);
		assertThat(command("diff").output()).contains("there is only one generation yet");
		assertThat(command("curl", "0", "/no-such-page").exitCode()).isEqualTo(1);
	}

	@Test
	@Order(3)
	void logsAreThoseOfTheSlotAndGoOn() throws Exception {
		assertThat(assertGood("logs", "0").output()).contains("Started SampleApplication")
			.doesNotContain("ClusterPrimary");
		assertThat(assertGood("logs", "primary").output()).contains("Cluster primary pid=" + cluster.pid())
			.doesNotContain("Started SampleApplication");
		Path followed = directory.resolve("followed");
		List<String> line = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >" + followed, "sh"));
		line.addAll(List.of(line("logs", "--follow", "--lines", "0")));
		try (Tool.Running follower = Tool.start(line.toArray(String[]::new))) {
			cluster.await("what is printed now").until(() -> {
				assertGood("curl", "1", "/print?lines=1&request=followed");
				return Files.exists(followed)
						&& Files.readString(followed).contains("      1 | Line 1 of 1 of request followed on stdout");
			});
			assertThat(follower.isAlive()).isTrue();
			follower.terminate();
		}
	}

	@Test
	@Order(4)
	void workerIsReplacedAndTheirNumberChangedWithoutAFailedRequest() throws Exception {
		ClusterStatus before = cluster.awaitSettled();
		try (Clients clients = Clients.connecting(cluster.port(), "/", 4)) {
			int old = before.worker(0).id();
			assertThat(assertGood("restart", "0").output()).containsPattern("slot 0: worker \\d+ starts\n")
				.endsWith(" in the place of worker %d\n".formatted(old));
			assertThat(assertGood("scale", "+1").output()).containsPattern("2/3 ready, worker \\d+ starts\n")
				.endsWith("3 workers, 3 ready\n");
			assertThat(assertGood("scale", "-1").output()).contains("2/2 ready, worker ")
				.endsWith("2 workers, 2 ready\n");
			clients.assertNoneFailed();
		}
		assertThat(cluster.awaitSettled().worker(0).id()).isNotEqualTo(before.worker(0).id());
		assertThat(command("scale", "0").exitCode()).isEqualTo(2);
		assertThat(command("scale", "1000000").exitCode()).isEqualTo(1);
	}

	@Test
	@Order(5)
	void reloadThatFailsSaysWhyAndWhoseItWas() throws Exception {
		assertThat(command("abort").output()).contains("no reload runs");
		Files.write(live, new byte[1000]);
		Tool broken = command("reload", "--parallel");
		assertThat(broken.exitCode()).isEqualTo(1);
		assertThat(broken.output()).contains("parallel  generation 1 to 2  failed", "by cli (user ",
				"is not a complete archive");
		assertThat(assertGood("history").output()).containsPattern("1 .* failed +parallel .*");
		assertThat(assertGood("status").output()).contains("generation 1", "2/2 ready");
	}

	@Test
	@Order(6)
	void deathOfAWorkerIsAnIncident() {
		ClusterStatus.Worker killed = cluster.awaitSettled().worker(1);
		ClusterProcess.signal(killed.pid(), "KILL");
		Incident incident = cluster.awaitIncident(killed.id());
		assertThat(assertGood("incidents").output()).contains("SIGKILL", String.valueOf(killed.pid()));
		assertThat(assertGood("incidents", String.valueOf(incident.id())).output()).contains("slot 1", "SIGKILL",
				"Started SampleApplication");
		assertThat(command("incidents", "77").exitCode()).isEqualTo(1);
		cluster.awaitSettled();
	}

	@Test
	@Order(7)
	void stoppedPrimaryIsToldWithinFiveSeconds() {
		ClusterProcess.signal(cluster.pid(), "STOP");
		try {
			long begin = System.nanoTime();
			Tool status = command("status");
			assertThat(status.exitCode()).as(status.output()).isEqualTo(124);
			assertThat(status.output()).contains("may be stopped");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
		}
		finally {
			ClusterProcess.signal(cluster.pid(), "CONT");
		}
	}

	@Test
	@Order(8)
	void stopEndsTheClusterAndNothingRunsThen() {
		assertThat(assertGood("stop").output()).contains("primary %d has ended after".formatted(cluster.pid()));
		assertThat(cluster.awaitExit(Duration.ofSeconds(10))).isZero();
		cluster.assertNothingLeft();
		assertThat(command("status").exitCode()).isEqualTo(3);
		assertThat(command("list").exitCode()).isEqualTo(3);
	}

	private static Tool assertGood(String... arguments) {
		Tool result = command(arguments);
		assertThat(result.exitCode()).as(String.join(" ", arguments) + "\n" + result.output()).isZero();
		return result;
	}

	private static Tool command(String... arguments) {
		return Tool.tryRun(line(arguments));
	}

	private static String[] line(String... arguments) {
		List<String> line = new ArrayList<>(List.of(SCRIPT.toString()));
		line.addAll(List.of(arguments));
		line.addAll(List.of("--directory", sockets.toString()));
		return line.toArray(String[]::new);
	}

}
