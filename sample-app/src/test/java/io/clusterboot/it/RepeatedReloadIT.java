package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many reloads leave nothing behind.
 */
class RepeatedReloadIT {

	private static final int RELOADS = Nightly.orElse(30, 4);

	// From then on nothing is done for the first time
	private static final int WARM = Nightly.orElse(10, 2);

	// More would make every start slower, and show no more of what adds up
	private static final int CONNECTING = Nightly.orElse(50, 2);

	private static final int REQUESTS = 20;

	@TempDir
	private static Path staging;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test)
			.arguments("--cluster.staging.directory=" + staging, "--cluster.drain.keep-alive-grace=1s")
			.start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	@Timeout(value = 30, unit = TimeUnit.MINUTES)
	void reloadsUnderLoadFailNoRequestAndLeaveThePrimaryAsItWas() throws Exception {
		Footprint warm = null;
		try (Clients clients = Clients.connecting(shared.port(), "/", CONNECTING);
				Clients posts = Clients.pooledPosts(shared.port(), Nightly.orElse(8, 4))) {
			for (int i = 1; i <= RELOADS; i++) {
				String strategy = (i % 2 == 0) ? "{\"strategy\":\"parallel\"}" : "";
				shared.awaitReload(shared.reload(strategy).id());
				if (i == WARM) {
					warm = footprint();
				}
			}
			Footprint last = footprint();
			assertThat(last.descriptors()).isEqualTo(warm.descriptors());
			assertThat(last.threads()).isLessThanOrEqualTo(warm.threads() + 2);
			assertThat(last.residentKilobytes()).isLessThan(warm.residentKilobytes() + 4 * 1024)
				.isLessThan(ClusterProcess.PRIMARY_LIMIT);
			clients.assertNoneFailed();
			posts.assertNoneFailed();
			assertThat(clients.succeeded()).isGreaterThan(RELOADS * 100);
			assertThat(posts.succeeded()).isGreaterThan(RELOADS * 100);
		}
		assertOnlyTheLiveGenerationIsStaged();
	}

	@Test
	void twentyRequestsInTwoSecondsAreTwoReloads() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		Deque<HttpConnection> connections = new ArrayDeque<>();
		try {
			for (int i = 0; i < REQUESTS; i++) {
				connections.add(new HttpConnection(shared.port()));
			}
			Iterator<HttpConnection> next = connections.iterator();
			Instant start = Instant.now();
			Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(40)).until(() -> {
				next.next().request("POST", "/actuator/cluster/reload", "");
				return !next.hasNext();
			});
			assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(2));
			List<Integer> ids = new ArrayList<>();
			for (HttpConnection connection : connections) {
				HttpReply reply = connection.read();
				assertThat(reply.status()).as(reply.body()).isEqualTo(202);
				ids.add(ClusterStatus.parseReload(reply.body()).id());
			}
			// One runs, and one is enough for whatever was asked for since it began
			int last = Collections.max(ids);
			assertThat(ids).hasSize(REQUESTS).containsOnly(last - 1, last);
			ClusterStatus after = shared.awaitReload(last);
			assertThat(after.lastReload().id()).isEqualTo(last);
			assertThat(after.generation()).isEqualTo(before.generation() + 2);
			assertThat(shared.processes()).hasSize(1 + after.target());
			assertThat(Tool.run("ps", "--ppid", Long.toString(shared.pid()), "-o", "stat=").output().lines())
				.hasSize(after.target())
				.noneMatch((state) -> state.startsWith("Z"));
		}
		finally {
			for (HttpConnection connection : connections) {
				connection.close();
			}
		}
		assertOnlyTheLiveGenerationIsStaged();
	}

	private void assertOnlyTheLiveGenerationIsStaged() {
		String live = "generation-" + shared.status().generation();
		shared.await("the end of old snapshots", () -> staged().equals(List.of(live)));
	}

	private List<String> staged() throws IOException {
		try (Stream<Path> files = Files.walk(staging, 2)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.startsWith("generation-"))
				.toList();
		}
	}

	private Footprint footprint() throws IOException {
		return new Footprint(count("fd"), count("task"), shared.residentKilobytes());
	}

	private long count(String what) throws IOException {
		try (Stream<Path> entries = Files.list(Path.of("/proc/" + shared.pid(), what))) {
			return entries.count();
		}
	}

	/**
	 * What the primary holds at one moment.
	 */
	private record Footprint(long descriptors, long threads, long residentKilobytes) {

	}

}
