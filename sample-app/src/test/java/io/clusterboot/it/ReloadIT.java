package io.clusterboot.it;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reloads without a failed request.
 */
@Tag("alone")
class ReloadIT {

	private static final int REQUESTS = 100_000;

	private static final int CLIENTS = 1000;

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
	void reloadOverHttpReplacesEveryWorker() {
		ClusterStatus before = shared.awaitSettled();
		ClusterStatus.Reload reload = shared.reload("");
		assertThat(reload.trigger()).isEqualTo("http");
		assertThat(reload.strategy()).isEqualTo("rolling");
		assertThat(reload.status()).isEqualTo("running");
		ClusterStatus after = shared.awaitReload(reload.id());
		assertReplaced(before, after);
		assertThat(after.lastReload().id()).isEqualTo(reload.id());
		assertThat(after.lastReload().trigger()).isEqualTo("http");
		assertThat(after.lastReload().finished()).isAfter(reload.started());
		assertThat(shared.get("/").said("generation")).isEqualTo(Integer.toString(after.generation()));
	}

	@Test
	void strategyInBodyOverridesConfiguration() {
		ClusterStatus before = shared.awaitSettled();
		ClusterStatus.Reload reload = shared.reload("{\"strategy\":\"parallel\"}");
		assertThat(reload.strategy()).isEqualTo("parallel");
		ClusterStatus after = shared.awaitReload(reload.id());
		assertReplaced(before, after);
		assertThat(after.lastReload().strategy()).isEqualTo("parallel");
	}

	@Test
	void unknownStrategyIsRefused() {
		HttpReply reply = shared.post("/actuator/cluster/reload", "{\"strategy\":\"sideways\"}");
		assertThat(reply.status()).isEqualTo(400);
	}

	@Test
	void rollingReloadNeverHasFewerReadyWorkersThanSlots() {
		int id = shared.reload("").id();
		List<Integer> ready = new ArrayList<>();
		shared.await("end of reload").until(shared::status, (status) -> {
			ready.add(status.ready().size());
			return status.lastReload().id() == id && !status.lastReload().isRunning() && status.isSettled();
		});
		assertThat(ready).isNotEmpty().allSatisfy((count) -> assertThat(count).isGreaterThanOrEqualTo(2));
	}

	@Test
	void reloadsAskedForWhileOneRunsAreOneMore() {
		int generation = shared.awaitSettled().generation();
		int first = shared.reload("").id();
		List<Integer> ids = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			ids.add(shared.reload("").id());
		}
		assertThat(ids).containsOnly(first + 1);
		ClusterStatus after = shared.awaitReload(first + 1);
		assertThat(after.generation()).isEqualTo(generation + 2);
		assertThat(after.lastReload().id()).isEqualTo(first + 1);
	}

	@Test
	void rollingReloadFailsNoneOfManyNewConnections() {
		assertNewConnectionsSurvive("USR2", "SIGUSR2", "rolling");
	}

	@Test
	void parallelReloadFailsNoneOfManyNewConnections() {
		assertNewConnectionsSurvive("HUP", "SIGHUP", "parallel");
	}

	@Test
	void rollingReloadFailsNoneOfManyNewConnectionsOfAb() {
		assertNewConnectionsOfAbSurvive("USR2", "SIGUSR2", "rolling");
	}

	@Test
	void parallelReloadFailsNoneOfManyNewConnectionsOfAb() {
		assertNewConnectionsOfAbSurvive("HUP", "SIGHUP", "parallel");
	}

	private void assertNewConnectionsSurvive(String signal, String trigger, String strategy) {
		Deque<Load> loads = new ArrayDeque<>();
		try {
			assertReload(signal, trigger, strategy, () -> {
				if (loads.isEmpty() || !loads.getLast().isAlive()) {
					// The deadline of ab: so many wait for each other
					loads.add(Load.connecting(shared.port())
						.concurrency(CLIENTS)
						.requests(REQUESTS)
						.deadline(Duration.ofSeconds(30))
						.start());
				}
			});
			assertThat(loads).extracting(Load::await).allSatisfy((result) -> {
				assertThat(result.complete()).isEqualTo(REQUESTS);
				assertThat(result.failed()).as(result.output()).isZero();
			});
		}
		finally {
			loads.forEach(Load::close);
		}
	}

	private void assertNewConnectionsOfAbSurvive(String signal, String trigger, String strategy) {
		assumeInstalled("ab");
		Deque<Tool.Running> loads = new ArrayDeque<>();
		try {
			assertReload(signal, trigger, strategy, () -> {
				if (loads.isEmpty() || !loads.getLast().isAlive()) {
					// -l: answers differ in length, as process ids do
					loads.add(Tool.start("nice", "-n", "19", "ab", "-q", "-l", "-r", "-n", Integer.toString(REQUESTS),
							"-c", Integer.toString(CLIENTS), "http://127.0.0.1:" + shared.port() + "/"));
				}
			});
			assertThat(loads).extracting((load) -> load.await(Duration.ofMinutes(3)).output())
				.allSatisfy((output) -> assertThat(output).containsPattern("Complete requests: +" + REQUESTS)
					.containsPattern("Failed requests: +0")
					.doesNotContain("Non-2xx"));
		}
		finally {
			loads.forEach(Tool.Running::close);
		}
	}

	// A fast machine ends the requests before the reload, so it gets more
	private void assertReload(String signal, String trigger, String strategy, Runnable keepUpLoad) {
		ClusterStatus before = shared.awaitSettled();
		int id = (before.lastReload() != null) ? before.lastReload().id() + 1 : 1;
		long requests = requests(before);
		keepUpLoad.run();
		shared.await("load", () -> requests(shared.status()) > requests + 5000);
		shared.signal(signal);
		shared.await("end of reload " + id, () -> {
			keepUpLoad.run();
			return shared.output().has("Reload " + id + " (succeeded|ended)");
		});
		ClusterStatus after = shared.awaitReload(id);
		assertReplaced(before, after);
		assertThat(after.lastReload().trigger()).isEqualTo(trigger);
		assertThat(after.lastReload().strategy()).isEqualTo(strategy);
	}

	@Test
	void twoReloadsBreakNoConnectionThatIsKeptAlive() {
		try (Load load = Load.keepingAlive(shared.port()).concurrency(64).start()) {
			assertTwoReloads();
			Load.Result result = load.stop();
			assertThat(result.complete()).isGreaterThan(1000);
			assertThat(result.failed()).as(result.output()).isZero();
		}
	}

	@Test
	void twoReloadsBreakNoConnectionThatWrkKeepsAlive() {
		assumeInstalled("wrk");
		try (Tool.Running load = Tool.start("nice", "-n", "19", "wrk", "-t", "2", "-c", "64", "-d", "300s", "--timeout",
				"30s", "http://127.0.0.1:" + shared.port() + "/")) {
			assertTwoReloads();
			load.interrupt();
			assertThat(load.await(Duration.ofSeconds(30)).output()).contains("requests in")
				.doesNotContain("Socket errors", "Non-2xx");
		}
	}

	private void assertTwoReloads() {
		int generation = shared.awaitSettled().generation();
		shared.await("load", () -> shared.status().ready().stream().anyMatch((worker) -> worker.connections() > 8));
		shared.awaitReload(shared.reload("").id());
		ClusterStatus after = shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
		assertThat(after.generation()).isEqualTo(generation + 2);
	}

	private void assumeInstalled(String command) {
		Assumptions.assumeTrue(Tool.isInstalled(command), () -> command + " is not installed");
	}

	@Test
	void twoReloadsFailNoPostOfAPoolThatNeverRetries() {
		try (Clients clients = Clients.pooledPosts(shared.port(), 16)) {
			shared.await("load", () -> clients.succeeded() > 500);
			shared.awaitReload(shared.reload("").id());
			shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
			int succeeded = clients.succeeded();
			shared.await("load after both reloads", () -> clients.succeeded() > succeeded + 100);
			clients.assertNoneFailed();
		}
	}

	@Test
	void requestsInFlightEndOnTheirOldWorkers() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		try (HttpConnection upload = new HttpConnection(shared.port())) {
			byte[] piece = new byte[1000];
			upload.beginPost("/upload", 20 * piece.length);
			upload.send(piece);
			List<CompletableFuture<HttpReply>> slow = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				slow.add(CompletableFuture.supplyAsync(() -> shared.get("/slow?ms=5000"),
						(task) -> new Thread(task).start()));
			}
			shared.await("requests in flight", () -> shared.status().requestsInFlight() >= 5);
			ClusterStatus.Reload reload = shared.reload("{\"strategy\":\"parallel\"}");
			shared.awaitOutput("gen=" + before.generation() + " pid=\\d+ draining");
			for (CompletableFuture<HttpReply> reply : slow) {
				assertThat(reply.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
				assertThat(before.pids()).contains(reply.get().pid());
			}
			for (int i = 1; i < 20; i++) {
				upload.send(piece);
			}
			HttpReply reply = upload.read();
			assertThat(reply.body()).startsWith("Received 20000 bytes");
			assertThat(before.pids()).contains(reply.pid());
			assertReplaced(before, shared.awaitReload(reload.id()));
		}
	}

	@Test
	void streamedResponseInFlightIsComplete() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		CompletableFuture<HttpReply> stream = CompletableFuture.supplyAsync(() -> shared.get("/stream?ms=6000"),
				(task) -> new Thread(task).start());
		shared.await("request in flight", () -> shared.status().requestsInFlight() >= 1);
		int id = shared.reload("{\"strategy\":\"parallel\"}").id();
		assertThat(stream.get(30, TimeUnit.SECONDS).body()).contains("Chunk 10 of 10");
		assertThat(before.pids()).contains(stream.get().pid());
		shared.awaitReload(id);
	}

	@Test
	void idleConnectionGetsOneLastRequestAndIsToldToGo() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		try (HttpConnection idle = new HttpConnection(shared.port())) {
			HttpReply first = idle.exchange("GET", "/", "");
			assertThat(first.headers().getOrDefault("Connection", "keep-alive")).isEqualToIgnoringCase("keep-alive");
			int id = shared.reload("{\"strategy\":\"parallel\"}").id();
			shared.awaitOutput("gen=%d pid=%d draining".formatted(before.generation(), first.pid()));
			// The line stands in the log before the worker has the message
			HttpReply last = shared.await("the word to go").until(() -> {
				HttpReply reply = idle.exchange("GET", "/", "");
				assertThat(reply.status()).isEqualTo(200);
				assertThat(reply.pid()).isEqualTo(first.pid());
				return reply;
			}, (reply) -> reply.headers().containsKey("Connection"));
			assertThat(last.headers().get("Connection")).isEqualToIgnoringCase("close");
			shared.awaitReload(id);
		}
	}

	@Test
	void drainOfIdleWorkerEndsLongBeforeItsTimeout() {
		Map<String, ClusterStatus.Worker> before = new HashMap<>();
		shared.awaitSettled().workers().forEach((worker) -> before.put("pid=" + worker.pid(), worker));
		shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
		Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
			for (String pid : before.keySet()) {
				assertThat(shared.output().lines(pid + " exited: exit code 0")).hasSize(1);
			}
		});
	}

	private long requests(ClusterStatus status) {
		return status.workers().stream().mapToLong(ClusterStatus.Worker::requests).sum();
	}

	private void assertReplaced(ClusterStatus before, ClusterStatus after) {
		assertThat(after.lastReload().reason()).isNull();
		assertThat(after.lastReload().status()).isEqualTo("succeeded");
		assertThat(after.lastReload().fromGeneration()).isEqualTo(before.generation());
		assertThat(after.lastReload().toGeneration()).isEqualTo(after.generation());
		assertThat(after.generation()).isEqualTo(before.generation() + 1);
		assertThat(after.pids()).hasSameSizeAs(before.pids()).doesNotContainAnyElementsOf(before.pids());
		assertThat(after.primary().pid()).isEqualTo(shared.pid());
	}

}
