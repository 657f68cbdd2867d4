package io.clusterboot.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import io.clusterboot.it.variant.StoringAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the primary keeps for all workers.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("alone")
class StoreIT {

	private static final int SIZE = 16 * 1024 * 1024;

	// That is what the primary does by itself; how fast workers start is up to others
	private static final Duration PROMPT = Duration.ofSeconds(1);

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	private static long emptyKilobytes;

	private static Times respawn;

	private static Times reload;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		cluster = new ClusterLauncher(test).with(directory, StoringAutoConfiguration.class).start();
		cluster.awaitSettled();
		emptyKilobytes = cluster.residentKilobytes();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	@Order(1)
	void whatOneWorkerKeepsAllFindAndTheirSuccessorsToo() throws Exception {
		assertThat(cluster.status().primary().store()).isEqualTo(new ClusterStatus.Store(0, 0, SIZE, 0, 0));
		assertThat(post(0, "/put?key=cart&value=books&group=someone").body()).isEqualTo("kept");
		assertThat(get(1, "/find?key=cart").body()).isEqualTo("books");
		assertThat(post(1, "/take?permits=3").body()).isEqualTo("3");
		assertThat(post(0, "/take?permits=3").body()).isEqualTo("0");
		assertThat(post(0, "/take?permits=5").body()).isEqualTo("2");
		respawn = crash();
		assertFoundEverywhere(2);
		assertThat(post(0, "/take?permits=5").body()).as("permits of the worker that was killed").isEqualTo("3");
		reload = reload();
		assertFoundEverywhere(2);
		assertThat(cluster.status().primary().store().entries()).isOne();
		assertThat(cluster.status().primary().store().bytes()).isPositive();
	}

	@Test
	@Order(2)
	void whoReplacesWhatAnotherHasChangedIsToldSo() throws Exception {
		CompletableFuture<HttpReply> other = CompletableFuture.supplyAsync(() -> posted(1, "/add?key=sum&times=1000"));
		int lost = Integer.parseInt(post(0, "/add?key=sum&times=1000").body());
		lost += Integer.parseInt(other.get().body());
		assertThat(get(0, "/find?key=sum").body()).isEqualTo("2000");
		System.out.printf("%d of 2000 replacements were made again%n", lost);
	}

	@Test
	@Order(3)
	void timeOfWhatIsKeptRunsOut() throws Exception {
		post(0, "/put?key=short&value=x&time=PT0.5S");
		cluster.await("end of its time", () -> get(1, "/find?key=short").body().equals("nothing"));
	}

	@Test
	@Order(4)
	void storeThatIsFullMakesRoomAndLeavesTheClusterAlone() throws Exception {
		assertThat(post(0, "/fill?count=1000&length=40000").status()).isEqualTo(200);
		ClusterStatus.Store full = cluster.status().primary().store();
		assertThat(full.bytes()).isBetween(SIZE * 9L / 10, (long) SIZE);
		assertThat(full.evictions()).isBetween(580L, 620L);
		assertThat(full.refusals()).isZero();
		assertThat(get(1, "/find?key=cart").body()).isEqualTo("nothing");
		assertThat(get(1, "/find?key=filler%20999").body()).hasSize(40_000);
		assertThat(get(1, "/find?key=filler%200").body()).isEqualTo("nothing");
		long fullKilobytes = cluster.residentKilobytes();
		Times respawnWhenFull = crash();
		Times reloadWhenFull = reload();
		System.out.printf("Primary with an empty store: %d KB, respawn %s, reload %s%n", emptyKilobytes, respawn,
				reload);
		System.out.printf("Primary with a full store:   %d KB, respawn %s, reload %s%n", fullKilobytes, respawnWhenFull,
				reloadWhenFull);
		assertThat(respawnWhenFull.fork()).isLessThan(respawn.fork().plus(PROMPT));
		assertThat(reloadWhenFull.fork()).isLessThan(reload.fork().plus(PROMPT));
		assertThat(cluster.status().primary().store().entries()).isEqualTo(full.entries());
		assertThat(fullKilobytes).isLessThan(ClusterProcess.PRIMARY_LIMIT + SIZE / 1024 + 4096);
	}

	@Test
	@Order(5)
	void manyMayUseItAtOnce() throws Exception {
		String storm = "/storm?threads=100&time=PT2S&length=8000";
		CompletableFuture<HttpReply> other = CompletableFuture.supplyAsync(() -> posted(1, storm));
		CompletableFuture<HttpReply> one = CompletableFuture.supplyAsync(() -> posted(0, storm));
		while (!one.isDone()) {
			assertThat(cluster.status().ready()).hasSize(2);
		}
		assertThat(one.get().body()).startsWith("operations=");
		assertThat(other.get().body()).startsWith("operations=");
		System.out.printf("Two workers at once, microseconds: %s; %s%n", one.get().body(), other.get().body());
		String large = "/storm?threads=20&time=PT1S&length=1000000";
		assertThat(post(0, large).body()).startsWith("operations=");
		System.out.printf("Primary after that: %d KB%n", cluster.residentKilobytes());
	}

	@Test
	@Order(6)
	void primaryThatIsStoppedKeepsNobodyWaitingForLong() throws Exception {
		post(0, "/put?key=cart&value=books");
		int door = Objects.requireNonNull(cluster.status().worker(0).sideDoor());
		cluster.signal("STOP");
		try {
			String answer = HttpReply.get(door, "/find?key=cart").body();
			assertThat(answer).matches("The primary did not answer within .* after \\d+ ms");
			assertThat(Long.parseLong(answer.replaceAll(".*after (\\d+) ms", "$1"))).isBetween(4000L, 6000L);
		}
		finally {
			cluster.signal("CONT");
		}
		cluster.await("answer", () -> get(0, "/find?key=cart").body().equals("books"));
	}

	@Test
	@Order(7)
	void workerThatIsAddedFindsItToo() throws Exception {
		post(0, "/put?key=cart&value=books&group=someone");
		assertThat(cluster.post("/actuator/cluster/scale", "{\"workers\":3}").status()).isEqualTo(202);
		cluster.await("third worker").until(cluster::status, (status) -> status.isSettled() && status.target() == 3);
		assertFoundEverywhere(3);
	}

	private static void assertFoundEverywhere(int workers) throws IOException {
		for (int slot = 0; slot < workers; slot++) {
			assertThat(get(slot, "/find?key=cart").body()).isEqualTo("books");
			assertThat(get(slot, "/keys?group=someone").body()).isEqualTo("[\"cart\"]");
		}
	}

	private static Times crash() {
		ClusterStatus.Worker victim = cluster.awaitSettled().worker(1);
		long start = System.nanoTime();
		ClusterProcess.signal(victim.pid(), "KILL");
		Duration fork = awaitFork(victim.id(), start);
		cluster.await("replacement")
			.until(cluster::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
		return new Times(fork, Duration.ofNanos(System.nanoTime() - start));
	}

	private static Times reload() {
		ClusterStatus before = cluster.awaitSettled();
		int last = before.workers().stream().mapToInt(ClusterStatus.Worker::id).max().orElseThrow();
		long start = System.nanoTime();
		int reload = cluster.reload("{\"strategy\":\"parallel\"}").id();
		Duration fork = awaitFork(last, start);
		assertThat(cluster.awaitReload(reload).pids()).doesNotContainAnyElementsOf(before.pids());
		return new Times(fork, Duration.ofNanos(System.nanoTime() - start));
	}

	private static Duration awaitFork(int last, long start) {
		cluster.await("new worker")
			.pollInterval(Duration.ofMillis(10))
			.until(cluster::status, (status) -> status.workers().stream().anyMatch((worker) -> worker.id() > last));
		return Duration.ofNanos(System.nanoTime() - start);
	}

	private static HttpReply get(int slot, String path) throws IOException {
		return exchange(slot, "GET", path);
	}

	private static HttpReply post(int slot, String path) throws IOException {
		return exchange(slot, "POST", path);
	}

	private static HttpReply posted(int slot, String path) {
		try {
			return post(slot, path);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static HttpReply exchange(int slot, String method, String path) throws IOException {
		int door = Objects.requireNonNull(cluster.status().worker(slot).sideDoor());
		try (HttpConnection connection = new HttpConnection(door)) {
			return connection.exchange(method, path, "", "Connection: close");
		}
	}

	/**
	 * How long something took.
	 */
	private record Times(Duration fork, Duration all) {

		@Override
		public String toString() {
			return "%d ms (a worker forked after %d ms)".formatted(this.all.toMillis(), this.fork.toMillis());
		}

	}

}
