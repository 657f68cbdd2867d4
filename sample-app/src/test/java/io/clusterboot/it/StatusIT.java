package io.clusterboot.it;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the endpoint says, and to whom.
 */
class StatusIT {

	private static final String NOBODY = "65534";

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test).start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void statusHasThePromisedNames() {
		String body = shared.get("/actuator/cluster").body();
		assertThat(body).contains("\"state\":\"running\"", "\"primary\":{", "\"pid\":" + shared.pid(), "\"started\":\"",
				"\"port\":" + shared.port(), "\"target\":2", "\"generation\":", "\"workers\":[", "\"id\":",
				"\"slot\":0", "\"slot\":1", "\"state\":\"ready\"", "\"ready\":\"", "\"restarts\":0", "\"connections\":",
				"\"requests\":", "\"responses\":{\"1xx\":", "\"lastReload\":");
	}

	@Test
	void statusIsTheSameFromEveryWorker() {
		ClusterStatus status = shared.awaitSettled();
		for (int i = 0; i < 10; i++) {
			ClusterStatus other = shared.status();
			assertThat(other.primary()).isEqualTo(status.primary());
			assertThat(other.pids()).isEqualTo(status.pids());
		}
	}

	@Test
	void timesAreInTheOrderOfEvents() {
		ClusterStatus status = shared.awaitSettled();
		assertThat(status.primary().started()).isBefore(Instant.now());
		for (ClusterStatus.Worker worker : status.workers()) {
			assertThat(worker.started()).isAfter(status.primary().started());
			assertThat(worker.ready()).isAfter(worker.started());
		}
	}

	@Test
	void requestsAreCounted() {
		long before = requests();
		for (int i = 0; i < 500; i++) {
			shared.get("/");
		}
		// Those that look are counted too, but are far fewer
		shared.await("counted requests").atMost(Duration.ofSeconds(10)).until(() -> requests() >= before + 500);
	}

	@Test
	void responsesAreCountedByTheClassOfTheirStatus() {
		long before = responses("4xx");
		for (int i = 0; i < 5; i++) {
			assertThat(shared.get("/missing").status()).isEqualTo(404);
		}
		shared.await("counted responses", () -> responses("4xx") >= before + 5);
		assertThat(responses("2xx")).isPositive();
		assertThat(responses("5xx")).isZero();
	}

	@Test
	void reloadSaysWhereItIs() {
		HttpReply reply = shared.post("/actuator/cluster/reload", "");
		int id = ClusterStatus.parseReload(reply.body()).id();
		assertThat(reply.headers()).containsEntry("Location", "/actuator/cluster/reloads/" + id);
		shared.awaitReload(id);
		HttpReply reload = shared.get(reply.headers().get("Location"));
		assertThat(ClusterStatus.parseReload(reload.body()).id()).isEqualTo(id);
	}

	@Test
	void openConnectionsAreCounted() throws IOException {
		try (HttpConnection one = new HttpConnection(shared.port());
				HttpConnection two = new HttpConnection(shared.port())) {
			one.exchange("GET", "/", "");
			two.exchange("GET", "/", "");
			shared.await("counted connections", () -> connections() >= 2);
		}
	}

	@Test
	void onlyWhatTheApplicationExposesIsThere() {
		assertThat(shared.get("/actuator/health").body()).contains("UP");
		assertThat(shared.get("/actuator/cluster").status()).isEqualTo(200);
		assertThat(shared.get("/actuator/env").status()).isEqualTo(404);
		assertThat(shared.get("/actuator/shutdown").status()).isEqualTo(404);
	}

	@Test
	void anotherUserMayReadButNotWrite() {
		Tool.assumeInstalled("setpriv", "curl");
		Assumptions.assumeTrue(isRoot(), "only root can act as another user");
		ClusterStatus before = shared.awaitSettled();
		assertThat(curlAsNobody("")).contains("\"state\":\"running\"").endsWith("200");
		assertThat(curlAsNobody("/reload")).containsIgnoringCase("user").endsWith("403");
		assertThat(curlAsNobody("/shutdown")).containsIgnoringCase("user").endsWith("403");
		ClusterStatus after = shared.awaitSettled();
		assertThat(after.pids()).isEqualTo(before.pids());
		assertThat(after.lastReload()).isEqualTo(before.lastReload());
	}

	@Test
	void sameUserMayWriteOverBothFamilies() throws IOException {
		for (String host : new String[] { "127.0.0.1", "::1", "localhost" }) {
			// As many as there are: a write that starts nobody
			InetSocketAddress address = new InetSocketAddress(host, shared.port());
			try (HttpConnection connection = new HttpConnection(address)) {
				HttpReply reply = connection.exchange("POST", "/actuator/cluster/scale", "{\"workers\":2}",
						"Connection: close");
				assertThat(reply.status()).as(reply.body()).isEqualTo(202);
			}
		}
	}

	@Test
	void exposureLetsNobodyWrite(TestInfo test) throws IOException {
		Tool.assumeInstalled("setpriv", "curl");
		Assumptions.assumeTrue(isRoot(), "only root can act as another user");
		ClusterLauncher launcher = new ClusterLauncher(test).workers("1")
			.arguments("--management.endpoints.web.exposure.include=cluster");
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			assertThat(cluster.get("/actuator/health").status()).isEqualTo(404);
			assertThat(curlAsNobody(cluster.port(), "/shutdown")).endsWith("403");
			assertThat(cluster.output().has("whoever reaches the port")).isFalse();
		}
	}

	@Test
	void unrestrictedAccessLetsEverybodyWriteAndIsWarnedOfOnce(TestInfo test) throws IOException {
		Tool.assumeInstalled("setpriv", "curl");
		Assumptions.assumeTrue(isRoot(), "only root can act as another user");
		ClusterLauncher launcher = new ClusterLauncher(test).workers("1")
			.arguments("--management.endpoint.cluster.access=unrestricted");
		try (ClusterProcess cluster = launcher.start()) {
			cluster.awaitSettled();
			assertThat(curlAsNobody(cluster.port(), "/reload")).endsWith("202");
			cluster.awaitReload(1);
			assertThat(cluster.output().lines("WARN .* whoever reaches the port may reload, scale and stop"))
				.hasSize(1);
		}
	}

	@Test
	void statusWhenPrimaryDoesNotAnswerIs503WithReason(TestInfo test) throws IOException {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1").start()) {
			cluster.awaitSettled();
			cluster.signal("STOP");
			try {
				long start = System.nanoTime();
				HttpReply reply = cluster.get("/actuator/cluster");
				assertThat(reply.status()).isEqualTo(503);
				assertThat(reply.body()).containsIgnoringCase("primary");
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
				assertThat(cluster.get("/").status()).isEqualTo(200);
			}
			finally {
				cluster.signal("CONT");
			}
			cluster.awaitSettled();
		}
	}

	private long requests() {
		return shared.status().workers().stream().mapToLong(ClusterStatus.Worker::requests).sum();
	}

	private long responses(String statuses) {
		return shared.status().workers().stream().mapToLong((worker) -> worker.responses().get(statuses)).sum();
	}

	private int connections() {
		return shared.status().workers().stream().mapToInt(ClusterStatus.Worker::connections).sum();
	}

	private String curlAsNobody(String path) {
		return curlAsNobody(shared.port(), path);
	}

	static String curlAsNobody(int port, String path) {
		return Tool
			.run("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups", "curl", "-s", "-X",
					path.isEmpty() ? "GET" : "POST", "-w", " %{http_code}",
					"http://localhost:%d/actuator/cluster%s".formatted(port, path))
			.output();
	}

	static boolean isRoot() {
		return Tool.run("id", "-u").output().strip().equals("0");
	}

}
