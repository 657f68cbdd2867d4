package io.clusterboot.it;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.clusterboot.cli.InProcess;
import org.assertj.core.api.AbstractStringAssert;
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
 * Every verb of the command {@code cluster} in every state of a cluster, and operators
 * who mean no good. The workers start when the test lets them, so that each state lasts
 * as long as it has to.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CommandStatesIT {

	private static final Path JAR = Path.of("..", "cluster-cli", "target", "cluster.jar");

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final List<String> VERBS = List.of("list", "status", "describe", "logs", "incidents", "history",
			"diff", "curl 0 /", "reload", "abort", "scale 3", "restart 0", "stop");

	// Each worker needs a ticket, which it takes away
	private static final String TURNSTILE = """
			[ -z "$CLUSTER_WORKER_ID" ] || until for ticket in '%s'/*; do rm "$ticket" 2>/dev/null && break; done; do sleep 0.1; done
			exec "$@"
			""";

	@TempDir
	private static Path directory;

	private static Path sockets;

	private static Path tickets;

	private static long stopped;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		sockets = directory.resolve("control");
		tickets = Files.createDirectory(directory.resolve("tickets"));
		Path turnstile = Files.writeString(directory.resolve("turnstile"), TURNSTILE.formatted(tickets));
		cluster = new ClusterLauncher(test)
			.arguments("--cluster.control.directory=" + sockets, "--cluster.worker.command-prefix=sh," + turnstile)
			.start();
		cluster.await("the first worker").until(() -> run("describe 0").exitCode() == 0);
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	@Order(1)
	void clusterThatStarts() {
		assertShown("starting", 1, 0, "0/2 ready");
		assertSays("curl 0 /", 1).contains("has no side door, or has not started its web server yet");
		assertSays("diff", 1).contains("there is only one generation yet");
		assertSays("abort", 1).contains("no reload runs");
		assertSays("restart 7", 1).contains("slot 7 has no worker now");
		assertSays("scale 3 --timeout 1", 124).contains("scaling to 3 waits until the cluster has started",
				"the number of 3 ready workers has not come within 1 s");
		assertSays("scale 2 --no-wait", 0);
		assertSays("reload --timeout 1", 124).contains("reload 1: waits until the cluster has started");
		assertSays("status", 1).contains("starting", "reload 1 waits until the cluster has started");
		assertSays("history", 0).contains("  waits  ");
	}

	@Test
	@Order(2)
	void clusterThatReloads() throws IOException {
		letThrough(8);
		assertThat(cluster.awaitEndOfReload(1).lastReload().status()).isEqualTo("succeeded");
		settle(0);
		assertSays("reload --no-wait", 0).contains("generation 2 to 3");
		awaitStatus("reloading");
		assertShown("reloading", 0, 0, "2/2 ready");
		assertSays("curl 0 /", 0);
		assertSays("scale 3 --timeout 1", 124).contains("scaling to 3 waits for reload 2");
		assertSays("scale 2 --no-wait", 0);
		assertSays("reload --timeout 1", 124).contains("reload 3: waits for reload 2");
		assertSays("reload --no-wait", 0).contains("waits for reload 2");
		assertSays("status", 0).contains("reload 3 waits for reload 2");
		assertSays("abort", 0).contains("2  ", "aborted");
		awaitStatus("reloading");
		assertSays("status", 0).doesNotContain("waits");
		assertSays("abort", 0).contains("3  ", "aborted");
		awaitStatus("running");
		assertSays("restart 0 --timeout 1", 124).containsPattern("slot 0: worker \\d+ starts");
		settle(1);
	}

	@Test
	@Order(3)
	void clusterWhoseWorkersAreAllDead() throws IOException {
		cluster.status().pids().forEach((pid) -> ClusterProcess.signal(pid, "KILL"));
		awaitStatus("0/2 ready");
		cluster.await("their successors").until(() -> run("describe 1").exitCode() == 0);
		assertShown("running", 1, 1, "0/2 ready");
		assertSays("incidents", 0).contains("SIGKILL");
		assertSays("curl 1 /", 1);
		assertSays("abort", 1).contains("no reload runs");
		assertSays("restart 0 --timeout 1", 124).contains("slot 0: worker ");
		assertSays("reload --timeout 1", 124).contains("reload 4: ");
		assertSays("abort --no-wait", 0);
		assertSays("scale 2 --no-wait", 0);
		settle(8);
	}

	@Test
	@Order(4)
	void clusterWithHostileOperators() throws Exception {
		long before = cluster.residentKilobytes();
		ClusterStatus.Worker victim = cluster.status().worker(1);
		try (HostileOperators operators = new HostileOperators(sockets.resolve(cluster.pid() + ".sock"))) {
			operators.sayGarbage(500);
			operators.sayGarbageTogether(500, 20);
			operators.neverRead(100);
			assertSays("status", 0).contains("2/2 ready");
			assertThat(run("status").took()).isLessThan(Duration.ofSeconds(1));
			ClusterProcess.signal(victim.pid(), "KILL");
			letThrough(1);
			cluster.await("its successor")
				.until(cluster::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
			assertThat(run("status").took()).isLessThan(Duration.ofSeconds(1));
			assertThat(cluster.residentKilobytes() - before).isLessThan(8 * 1024);
		}
	}

	@Test
	@Order(5)
	void clusterOfAnotherUser() throws Exception {
		Tool.assumeUsersCanBeSwitched();
		ClusterStatus before = cluster.awaitSettled();
		Path jar = Files.copy(JAR, directory.resolve("cluster.jar"));
		allow(directory, "rwxr-xr-x");
		assertRefused(jar, "status", 1, sockets + " is not of this user");
		// Even if somebody has opened the door
		Path socket = sockets.resolve(cluster.pid() + ".sock");
		allow(sockets, "rwxr-xr-x");
		allow(socket, "rwxrwxrwx");
		for (String verb : new String[] { "status", "reload", "stop" }) {
			assertRefused(jar, verb, 3, "no cluster runs that this user can reach");
		}
		allow(sockets, "rwx------");
		assertThat(cluster.awaitSettled().pids()).isEqualTo(before.pids());
		assertThat(cluster.output().has("Reload 5 requested")).isFalse();
	}

	@Test
	@Order(6)
	void clusterWhosePrimaryIsStopped() {
		ClusterStatus before = cluster.awaitSettled();
		ClusterProcess.signal(cluster.pid(), "STOP");
		try {
			List<CompletableFuture<Result>> results = VERBS.stream()
				.map((verb) -> CompletableFuture.supplyAsync(() -> run(verb), (task) -> new Thread(task).start()))
				.toList();
			assertThat(results).extracting(CompletableFuture::join).allSatisfy((result) -> {
				assertThat(result.exitCode()).as(result.toString()).isEqualTo(124);
				assertThat(result.output()).contains("it may be stopped");
				assertThat(result.took()).isLessThan(PATIENCE);
			});
			assertSays("status -c " + before.port(), 124).contains("no cluster is called '%d'".formatted(before.port()),
					"primary %d".formatted(cluster.pid()), "it may be stopped");
		}
		finally {
			ClusterProcess.signal(cluster.pid(), "CONT");
		}
		assertThat(cluster.awaitSettled().pids()).isEqualTo(before.pids());
	}

	@Test
	@Order(7)
	void clusterWithAWorkerThatIsStopped() {
		stopped = cluster.awaitSettled().worker(1).pid();
		ClusterProcess.signal(stopped, "STOP");
		cluster.await("values that are too old")
			.until(() -> run("list").output()
				.lines()
				// processors and requests
				.anyMatch((line) -> line.matches(" +1 .* ready .* - +- +- +\\d+ MB +-")));
		assertSays("list", 0).containsPattern("(?m)^ +0 .* ready .* [0-9.]+ +[0-9.]+% .* \\d+%$");
		assertSays("status", 1).contains("2/2 ready, 1 silent");
		assertSays("describe 1", 0).containsPattern("last heard +[3-9]\\.\\d s ago\n")
			.contains("processors            -\n");
	}

	@Test
	@Order(8)
	void clusterThatStops() {
		assertSays("stop --no-wait", 0);
		cluster.await("end of the other worker").until(() -> run("describe 0").exitCode() == 1);
		assertShown("stopping", 1, 1, "0/2 ready");
		assertSays("curl 0 /", 1).contains("slot 0 has no worker now");
		assertSays("abort", 1).contains("no reload runs");
		for (String verb : new String[] { "reload", "scale 3", "restart 1" }) {
			assertSays(verb, 1).contains("The cluster is stopping");
		}
		assertSays("stop --timeout 1", 124)
			.contains("the end of primary %d has not come within 1 s".formatted(cluster.pid()));
		ClusterProcess.signal(stopped, "KILL");
		assertThat(cluster.awaitExit(Duration.ofSeconds(20))).isZero();
		for (String verb : VERBS) {
			assertSays(verb, 3).contains("no cluster runs that this user can reach");
		}
	}

	private static void assertShown(String state, int status, int slot, String workers) {
		assertSays("list", 0).contains(state, workers);
		assertSays("status", status).contains(state, workers);
		assertSays("describe", 0).contains(state, workers);
		assertSays("describe " + slot, 0).contains("worker  ");
		assertSays("logs primary -n 500", 0).contains("Cluster primary pid=" + cluster.pid());
		assertSays("logs " + slot, 0);
		assertSays("incidents", 0).contains("CAUSE");
		assertSays("history", 0).contains("STATUS");
		assertThat(run("diff").exitCode()).isIn(0, 1);
		assertSays("monit", 2).contains("monit needs a terminal");
	}

	private static AbstractStringAssert<?> assertSays(String verb, int exitCode) {
		Result result = run(verb);
		assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
		return assertThat(result.output()).as(verb);
	}

	private static Result run(String verb) {
		StringWriter output = new StringWriter();
		long begin = System.nanoTime();
		int exitCode = InProcess.run(new PrintWriter(output), (verb + " --directory " + sockets).split(" "));
		return new Result(verb, exitCode, output.toString(), Duration.ofNanos(System.nanoTime() - begin));
	}

	private static void awaitStatus(String part) {
		cluster.await("status " + part).until(() -> run("status").output().contains(part));
	}

	private static void letThrough(int workers) throws IOException {
		for (int i = 0; i < workers; i++) {
			Files.createTempFile(tickets, "", "");
		}
	}

	private static void settle(int workers) throws IOException {
		letThrough(workers);
		cluster.awaitSettled();
		try (Stream<Path> left = Files.list(tickets)) {
			for (Path ticket : left.toList()) {
				Files.delete(ticket);
			}
		}
	}

	private static void allow(Path path, String permissions) throws IOException {
		Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
	}

	private static void assertRefused(Path jar, String verb, int exitCode, String message) {
		List<String> line = new ArrayList<>(Tool.AS_NOBODY);
		line.addAll(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-XX:+UseSerialGC", "-jar", jar.toString(), verb, "--directory", sockets.toString()));
		Tool result = Tool.tryRun(line.toArray(String[]::new));
		assertThat(result.output()).contains(message).doesNotContain("sample");
		assertThat(result.exitCode()).as(result.output()).isEqualTo(exitCode);
	}

	/**
	 * What the command did.
	 */
	private record Result(String verb, int exitCode, String output, Duration took) {

	}

}
