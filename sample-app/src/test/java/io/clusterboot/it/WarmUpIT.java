package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * New workers are warm before they serve, and each can be spoken to alone.
 */
@Tag("alone")
class WarmUpIT {

	private static final List<String> NOBODY = List.of("setpriv", "--reuid=65000", "--regid=65000", "--clear-groups");

	private static final String STATUS = "/actuator/cluster";

	private static final int REQUESTS = 20;

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	private static int port;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		ClusterLauncher launcher = new ClusterLauncher(test).configuredBy(configuration());
		port = launcher.port();
		configure("");
		cluster = launcher.start();
		cluster.awaitSettled();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	void workerIsReachedAloneBeforeItServesAndWhileItDrainsAndThatCountsNowhere() throws Exception {
		ClusterStatus.Worker old = cluster.awaitSettled().worker(0);
		try (HttpConnection inFlight = cluster.connect(old.pid(), 1).get(0);
				HttpConnection endless = new HttpConnection(Objects.requireNonNull(old.sideDoor()))) {
			endless.request("GET", "/slow?ms=60000", "");
			ClusterStatus.Reload reload = cluster.reload("");
			ClusterStatus.Worker warming = cluster.await("a worker that warms up")
				.pollInterval(Duration.ofMillis(50))
				.until(() -> worker(cluster.status(), reload.toGeneration(), "listening"), Objects::nonNull);
			assertAlone(warming);
			assertThat(cluster.output().has("pid=%d ready: ".formatted(warming.pid()))).isFalse();
			// For as long as it takes to come in by the side door
			inFlight.beginPost("/upload", 1);
			cluster.await("drain").pollInterval(Duration.ofMillis(50)).until(() -> isDraining(old));
			assertAlone(old);
			inFlight.send(new byte[1]);
			assertThat(inFlight.read().status()).isEqualTo(200);
			// Long before the time that a drain may take
			Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> ProcessHandle.of(old.pid()).isEmpty());
			cluster.awaitReload(reload.id());
			assertWarm(warming.pid());
		}
		assertThat(cluster.output().has("cut \\d+ requests off")).isFalse();
	}

	@Test
	void requestsByTheSideDoorAreInNoCounter() throws Exception {
		ClusterStatus.Worker worker = cluster.awaitSettled().worker(0);
		ClusterStatus.Worker other = cluster.status().worker(1);
		int door = Objects.requireNonNull(other.sideDoor());
		ClusterStatus.Worker before = ClusterStatus.parse(HttpReply.get(door, STATUS).body()).worker(0);
		try (HttpConnection aside = new HttpConnection(Objects.requireNonNull(worker.sideDoor()))) {
			for (int i = 0; i < REQUESTS; i++) {
				assertThat(aside.exchange("GET", "/", "").pid()).isEqualTo(worker.pid());
			}
			cluster.exchange(worker.pid(), "GET", "/");
			ClusterStatus.Worker after = cluster.await("a heartbeat with the requests at the front")
				.until(() -> ClusterStatus.parse(HttpReply.get(door, STATUS).body()).worker(0),
						(status) -> status.requests() > before.requests());
			assertThat(after.requests()).isLessThan(before.requests() + REQUESTS);
			assertThat(after.connections()).isLessThanOrEqualTo(before.connections());
		}
	}

	@Test
	void noRequestIsTheOneThatLoadsTheServlet() {
		for (long pid : cluster.awaitSettled().pids()) {
			assertThat(cluster.output()
				.lines("%d --- \\[sample\\] \\[ *main\\] .*DispatcherServlet.*Completed initialization".formatted(pid)))
				.hasSize(1);
		}
	}

	@Test
	void anotherUserIsClosedWithoutAnAnswerAndDoesNotSeeThePort() throws IOException {
		Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root");
		Tool.assumeInstalled("setpriv", "curl");
		Assumptions.assumeTrue(asNobody("true").exitCode() == 0, "no other user allowed");
		ClusterStatus.Worker worker = cluster.awaitSettled().worker(0);
		Tool refused = asNobody("curl", "-sSi", "http://localhost:%d/".formatted(worker.sideDoor()));
		assertThat(refused.exitCode()).isNotZero();
		assertThat(refused.output()).doesNotContain("HTTP/");
		assertThat(Tool.run("curl", "-sSi", "http://localhost:%d/".formatted(worker.sideDoor())).output())
			.contains("HTTP/1.1 200", "pid=" + worker.pid());
		assertThat(asNobody("curl", "-sS", "http://localhost:%d%s".formatted(port, STATUS)).output())
			.contains("\"sideDoor\":null")
			.doesNotContain("\"sideDoor\":" + worker.sideDoor());
	}

	@Test
	void answerWithAServerErrorFailsTheReloadWhereThatIsRequired() throws IOException {
		ClusterStatus before = cluster.awaitSettled();
		configure("""
				cluster.warm-up.required=true
				cluster.warm-up.requests[1]=/actuator/health
				management.endpoint.health.status.http-mapping.up=500
				""");
		try {
			ClusterStatus after = cluster.awaitEndOfReload(cluster.reload("").id());
			assertThat(after.lastReload().status()).isEqualTo("failed");
			assertThat(after.lastReload().reason())
				.contains("the warm-up has failed: GET /actuator/health was answered 500");
			assertThat(after.pids()).isEqualTo(before.pids());
		}
		finally {
			configure("");
		}
	}

	@Test
	void newWorkersAnswerWhatUsersOfTheOldOnesAskedFor() {
		for (int i = 0; i < REQUESTS; i++) {
			assertThat(cluster.get("/print?lines=1&request=often").status()).isEqualTo(200);
		}
		cluster.await("a lesson")
			.until(() -> cluster.get(STATUS).body(), (body) -> body.contains("\"/print?lines=1&request=often\""));
		ClusterStatus after = cluster.awaitReload(cluster.reload("").id());
		for (ClusterStatus.Worker worker : after.workers()) {
			assertThat(
					cluster.output().lines("request often on stdout of pid=%d|pid=%<d ready: ".formatted(worker.pid())))
				.first()
				.asString()
				.contains("request often");
		}
	}

	private static void assertAlone(ClusterStatus.Worker worker) throws IOException {
		HttpReply reply = HttpReply.get(Objects.requireNonNull(worker.sideDoor()), "/");
		assertThat(reply.status()).isEqualTo(200);
		assertThat(reply.pid()).isEqualTo(worker.pid());
	}

	private static void assertWarm(long worker) {
		List<String> lines = cluster.output()
			.text()
			.lines()
			.filter((line) -> line.contains(Long.toString(worker)))
			.filter((line) -> line
				.matches(".*(Warm-up: first .* ms, last .* ms, \\d+ requests in .* s|ready: .* after its start).*"))
			.toList();
		assertThat(lines).hasSize(2);
		assertThat(lines.get(0)).contains("Warm-up");
	}

	private static ClusterStatus.Worker worker(ClusterStatus status, int generation, String state) {
		return status.workers()
			.stream()
			.filter((worker) -> worker.generation() == generation && worker.state().equals(state))
			.filter((worker) -> worker.sideDoor() != null)
			.peek((worker) -> assertThat(worker.requests()).isZero())
			.findFirst()
			.orElse(null);
	}

	private static boolean isDraining(ClusterStatus.Worker old) {
		return cluster.status()
			.workers()
			.stream()
			.anyMatch((worker) -> worker.pid() == old.pid() && worker.state().equals("draining"));
	}

	private static Tool asNobody(String... command) {
		return Tool.tryRun(Stream.concat(NOBODY.stream(), Stream.of(command)).toArray(String[]::new));
	}

	private static void configure(String more) throws IOException {
		Files.writeString(configuration(), """
				server.port=%d
				cluster.workers=2
				cluster.reload.soak=0s
				cluster.reload.train=off
				cluster.warm-up.requests[0]=/cpu?ms=2
				cluster.warm-up.duration=4s
				cluster.warm-up.learn=true
				%s""".formatted(port, more));
	}

	private static Path configuration() {
		return directory.resolve("edited.properties");
	}

}
