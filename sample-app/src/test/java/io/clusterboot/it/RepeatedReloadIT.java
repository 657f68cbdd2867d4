package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many reloads leave nothing behind.
 */
class RepeatedReloadIT {

	private static final int RELOADS = 30;

	// From then on nothing is done for the first time
	private static final int WARM = 10;

	@TempDir
	private Path staging;

	private ClusterProcess cluster;

	@BeforeEach
	void start(TestInfo test) throws Exception {
		this.cluster = new ClusterLauncher(test).jar(SampleJar.original())
			.arguments("--cluster.staging.directory=" + this.staging)
			.start();
		this.cluster.awaitSettled();
	}

	@AfterEach
	void stop() {
		this.cluster.close();
	}

	@Test
	void thirtyReloadsUnderLoadFailNoRequestAndLeaveThePrimaryAsItWas() throws Exception {
		Footprint warm = null;
		// More would make every start slower, and show no more of what adds up
		try (Clients clients = Clients.connecting(this.cluster.port(), "/", 4, Duration.ofMillis(20));
				Clients posts = Clients.pooledPosts(this.cluster.port(), 4)) {
			for (int i = 1; i <= RELOADS; i++) {
				String strategy = (i % 2 == 0) ? "{\"strategy\":\"parallel\"}" : "";
				ClusterStatus after = this.cluster.awaitReload(this.cluster.reload(strategy).id());
				assertThat(after.lastReload().status()).as(after.lastReload().reason()).isEqualTo("succeeded");
				if (i == WARM) {
					warm = footprint();
				}
			}
			Footprint last = footprint();
			assertThat(last.descriptors()).isEqualTo(warm.descriptors());
			assertThat(last.threads()).isLessThanOrEqualTo(warm.threads() + 2);
			assertThat(last.residentKilobytes()).isLessThan(warm.residentKilobytes() + 4 * 1024)
				.isLessThan(ClusterProcess.PRIMARY_LIMIT);
			assertThat(clients.succeeded()).isGreaterThan(RELOADS * 100);
			clients.assertNoneFailed();
			posts.assertNoneFailed();
		}
		assertOnlyTheLiveGenerationIsStaged();
	}

	@Test
	void twentyRequestsInTwoSecondsAreAFewReloads() throws Exception {
		int generation = this.cluster.awaitSettled().generation();
		List<Integer> ids = new ArrayList<>();
		Awaitility.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(90)).until(() -> {
			ids.add(this.cluster.reload("").id());
			return ids.size() == 20;
		});
		int last = ids.get(ids.size() - 1);
		assertThat(Set.copyOf(ids)).hasSizeLessThanOrEqualTo(2);
		ClusterStatus after = this.cluster.awaitReload(last);
		assertThat(after.generation()).isLessThanOrEqualTo(generation + 2);
		assertThat(this.cluster.processes()).hasSize(1 + after.target());
		assertThat(Tool.run("ps", "--ppid", Long.toString(this.cluster.pid()), "-o", "stat=").output().lines())
			.hasSize(after.target())
			.noneMatch((state) -> state.startsWith("Z"));
		assertOnlyTheLiveGenerationIsStaged();
	}

	private void assertOnlyTheLiveGenerationIsStaged() {
		String live = "generation-" + this.cluster.status().generation();
		this.cluster.await("the end of old snapshots", () -> staged().equals(List.of(live)));
	}

	private List<String> staged() throws IOException {
		try (Stream<Path> files = Files.walk(this.staging, 2)) {
			return files.map((file) -> file.getFileName().toString())
				.filter((name) -> name.startsWith("generation-"))
				.toList();
		}
	}

	private Footprint footprint() throws IOException {
		return new Footprint(count("fd"), count("task"), this.cluster.residentKilobytes());
	}

	private long count(String what) throws IOException {
		try (Stream<Path> entries = Files.list(Path.of("/proc/" + this.cluster.pid(), what))) {
			return entries.count();
		}
	}

	/**
	 * What the primary holds at one moment.
	 */
	private record Footprint(long descriptors, long threads, long residentKilobytes) {

	}

}
