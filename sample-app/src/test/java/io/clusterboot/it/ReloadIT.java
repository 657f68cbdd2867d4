package io.clusterboot.it;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Reloads without a failed request. What {@code ab} and {@code wrk} see is looked at
 * where they are installed, and always what the build's own client sees.
 */
@Tag("alone")
class ReloadIT {

	private static final int REQUESTS = 100_000;

	private static final int CLIENTS = 1000;

	private static final int KEPT_ALIVE = 64;

	// Lest a short time with too few workers is not seen
	private static final Duration SHORT = Duration.ofMillis(50);

	private static final String PARALLEL = "{\"strategy\":\"parallel\"}";

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
	void rollingReloadReplacesEveryWorkerAndNeverHasFewerReadyOnesThanSlots() {
		ClusterStatus before = shared.awaitSettled();
		ClusterStatus.Reload reload = shared.reload("");
		assertThat(reload.trigger()).isEqualTo("http");
		assertThat(reload.strategy()).isEqualTo("rolling");
		assertThat(reload.status()).isEqualTo("running");
		List<Integer> ready = new ArrayList<>();
		shared.await("end of reload").pollInterval(SHORT).until(shared::status, (status) -> {
			ready.add(status.ready().size());
			return status.lastReload().id() == reload.id() && !status.lastReload().isRunning() && status.isSettled();
		});
		assertThat(ready).hasSizeGreaterThan(2).allSatisfy((count) -> assertThat(count).isGreaterThanOrEqualTo(2));
		ClusterStatus after = shared.awaitReload(reload.id());
		assertReplaced(before, after);
		assertThat(after.lastReload().id()).isEqualTo(reload.id());
		assertThat(after.lastReload().trigger()).isEqualTo("http");
		assertThat(after.lastReload().finished()).isAfter(reload.started());
		assertThat(shared.get("/").said("generation")).isEqualTo(Integer.toString(after.generation()));
		// Long before the timeout of a drain
		Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
			for (long pid : before.pids()) {
				assertThat(shared.output().lines("pid=" + pid + " exited: exit code 0")).hasSize(1);
			}
		});
	}

	@Test
	void parallelReloadLetsAnIdleConnectionHaveOneLastRequest() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		try (HttpConnection idle = new HttpConnection(shared.port())) {
			HttpReply first = idle.exchange("GET", "/", "");
			assertThat(first.headers().getOrDefault("Connection", "keep-alive")).isEqualToIgnoringCase("keep-alive");
			ClusterStatus.Reload reload = shared.reload(PARALLEL);
			assertThat(reload.strategy()).isEqualTo("parallel");
			shared.awaitOutput("gen=%d pid=%d draining".formatted(before.generation(), first.pid()));
			// The line stands in the log before the worker has the message
			HttpReply last = shared.await("the word to go").until(() -> {
				HttpReply reply = idle.exchange("GET", "/", "");
				assertThat(reply.status()).isEqualTo(200);
				assertThat(reply.pid()).isEqualTo(first.pid());
				return reply;
			}, (reply) -> reply.headers().containsKey("Connection"));
			assertThat(last.headers().get("Connection")).isEqualToIgnoringCase("close");
			ClusterStatus after = shared.awaitReload(reload.id());
			assertReplaced(before, after);
			assertThat(after.lastReload().strategy()).isEqualTo("parallel");
		}
	}

	@Test
	void unknownStrategyIsRefused() {
		HttpReply reply = shared.post("/actuator/cluster/reload", "{\"strategy\":\"sideways\"}");
		assertThat(reply.status()).isEqualTo(400);
	}

	@Test
	void rollingReloadFailsNoneOfManyNewConnections() {
		assertNewConnectionsSurvive("USR2", "SIGUSR2", "rolling", this::ownClient);
	}

	@Test
	void parallelReloadFailsNoneOfManyNewConnections() {
		assertNewConnectionsSurvive("HUP", "SIGHUP", "parallel", Tool.isInstalled("ab") ? this::ab : this::ownClient);
	}

	private void assertNewConnectionsSurvive(String signal, String trigger, String strategy,
			Supplier<Requests> client) {
		ClusterStatus before = shared.awaitSettled();
		int id = (before.lastReload() != null) ? before.lastReload().id() + 1 : 1;
		long requests = requests(before);
		Deque<Requests> loads = new ArrayDeque<>(List.of(client.get()));
		try {
			shared.await("load", () -> requests(shared.status()) > requests + 5000);
			shared.signal(signal);
			shared.await("end of reload " + id, () -> {
				// A fast machine ends the requests before the reload, so it gets more
				if (!loads.getLast().isAlive()) {
					loads.add(client.get());
				}
				return shared.output().has("Reload " + id + " (succeeded|ended)");
			});
			loads.forEach(Requests::assertNoneFailed);
		}
		finally {
			loads.forEach(Requests::close);
		}
		ClusterStatus after = shared.awaitReload(id);
		assertReplaced(before, after);
		assertThat(after.lastReload().trigger()).isEqualTo(trigger);
		assertThat(after.lastReload().strategy()).isEqualTo(strategy);
	}

	private Requests ownClient() {
		// The deadline of ab: so many wait for each other
		Load load = Load.connecting(shared.port())
			.concurrency(CLIENTS)
			.requests(REQUESTS)
			.deadline(Duration.ofSeconds(30))
			.start();
		return new Requests() {

			@Override
			public boolean isAlive() {
				return load.isAlive();
			}

			@Override
			public void assertNoneFailed() {
				Load.Result result = load.await();
				assertThat(result.complete()).isEqualTo(REQUESTS);
				assertThat(result.failed()).as(result.output()).isZero();
			}

			@Override
			public void close() {
				load.close();
			}

		};
	}

	private Requests ab() {
		// -l: answers differ in length, as process ids do
		Tool.Running ab = Tool.start("nice", "-n", "19", "ab", "-q", "-l", "-r", "-n", Integer.toString(REQUESTS), "-c",
				Integer.toString(CLIENTS), "http://127.0.0.1:" + shared.port() + "/");
		return new Requests() {

			@Override
			public boolean isAlive() {
				return ab.isAlive();
			}

			@Override
			public void assertNoneFailed() {
				assertThat(ab.await(Duration.ofMinutes(3)).output()).containsPattern("Complete requests: +" + REQUESTS)
					.containsPattern("Failed requests: +0")
					.doesNotContain("Non-2xx");
			}

			@Override
			public void close() {
				ab.close();
			}

		};
	}

	@Test
	void reloadsBreakNoConnectionThatIsKeptAlive() {
		int generation = shared.awaitSettled().generation();
		Optional<Tool.Running> wrk = wrk();
		try (Load load = Load.keepingAlive(shared.port()).concurrency(KEPT_ALIVE).start();
				Clients posts = Clients.pooledPosts(shared.port(), 16)) {
			shared.await("load", () -> posts.succeeded() > 100
					&& shared.status().ready().stream().allMatch((worker) -> worker.connections() > KEPT_ALIVE / 4));
			shared.awaitReload(shared.reload("").id());
			ClusterStatus after = shared.awaitReload(shared.reload(PARALLEL).id());
			assertThat(after.generation()).isEqualTo(generation + 2);
			int succeeded = posts.succeeded();
			shared.await("load after both reloads", () -> posts.succeeded() > succeeded + 100);
			posts.assertNoneFailed();
			Load.Result result = load.stop();
			assertThat(result.complete()).isGreaterThan(1000);
			assertThat(result.failed()).as(result.output()).isZero();
			wrk.ifPresent(this::assertNothingFailed);
		}
		finally {
			wrk.ifPresent(Tool.Running::close);
		}
	}

	private Optional<Tool.Running> wrk() {
		return Tool.isInstalled("wrk")
				? Optional.of(Tool.start("nice", "-n", "19", "wrk", "-t", "2", "-c", Integer.toString(KEPT_ALIVE), "-d",
						"300s", "--timeout", "30s", "http://127.0.0.1:" + shared.port() + "/"))
				: Optional.empty();
	}

	private void assertNothingFailed(Tool.Running wrk) {
		wrk.interrupt();
		assertThat(wrk.await(Duration.ofSeconds(30)).output()).contains("requests in")
			.doesNotContain("Socket errors", "Non-2xx");
	}

	@Test
	void requestsInFlightEndOnTheirOldWorkers() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		byte[] piece = new byte[1000];
		int pieces = 20;
		try (HttpConnection upload = new HttpConnection(shared.port())) {
			upload.beginPost("/upload", pieces * piece.length);
			upload.send(piece);
			List<CompletableFuture<HttpReply>> slow = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				slow.add(inBackground("/slow?ms=5000"));
			}
			CompletableFuture<HttpReply> stream = inBackground("/stream?ms=6000");
			shared.awaitInFlight(6);
			ClusterStatus.Reload reload = shared.reload(PARALLEL);
			shared.awaitOutput("gen=" + before.generation() + " pid=\\d+ draining");
			// As long as the others take, so that nothing else keeps its worker
			sendSlowly(upload, piece, pieces - 1);
			HttpReply uploaded = upload.read();
			assertThat(uploaded.body()).startsWith("Received %d bytes".formatted(pieces * piece.length));
			assertThat(before.pids()).contains(uploaded.pid());
			for (CompletableFuture<HttpReply> reply : slow) {
				assertThat(reply.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
				assertThat(before.pids()).contains(reply.get().pid());
			}
			assertThat(stream.get(30, TimeUnit.SECONDS).body()).contains("Chunk 10 of 10");
			assertThat(before.pids()).contains(stream.get().pid());
			assertReplaced(before, shared.awaitReload(reload.id()));
		}
	}

	private CompletableFuture<HttpReply> inBackground(String path) {
		return CompletableFuture.supplyAsync(() -> shared.get(path), (task) -> new Thread(task).start());
	}

	private void sendSlowly(HttpConnection upload, byte[] piece, int count) {
		int[] sent = { 0 };
		Awaitility.await("slow upload")
			.atMost(Duration.ofMinutes(1))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(300))
			.until(() -> {
				upload.send(piece);
				return ++sent[0] == count;
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

	/**
	 * Many requests that are on their way.
	 */
	private interface Requests extends AutoCloseable {

		boolean isAlive();

		void assertNoneFailed();

		@Override
		void close();

	}

}
