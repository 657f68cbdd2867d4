package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens to the jar on disk reaches nobody before a reload.
 */
class SnapshotIT {

	private static final int CLIENTS = 4;

	// Nobody serves while the workers start that replace both
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private static Path directory;

	private static Path live;

	private static Path staging;

	private static ClusterProcess shared;

	private static int version = 1;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		live = SampleJar.version(directory.resolve("live.jar"), "1");
		staging = directory.resolve("staging");
		shared = new ClusterLauncher(test).jar(live).arguments("--cluster.staging.directory=" + staging).start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.signal("TERM");
		assertThat(shared.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
		shared.close();
		assertThat(staging).isEmptyDirectory();
		assertThat(shared.output().text()).doesNotContain("ClassNotFoundException", "NoClassDefFoundError");
	}

	@Test
	void garbageWrittenOverTheJarHurtsNobodyAndIsRefused() throws Exception {
		assertGoesLiveByReloadOnly(() -> {
			Files.write(live, new byte[1000]);
			killEachWorkerAndAwaitTheSameVersion();
			ClusterStatus before = shared.awaitSettled();
			ClusterStatus after = shared.awaitEndOfReload(shared.reload("").id());
			assertThat(after.lastReload().status()).isEqualTo("failed");
			assertThat(after.lastReload().reason()).contains("live.jar is not a complete archive");
			assertThat(after.pids()).isEqualTo(before.pids());
			next(live);
		});
	}

	@Test
	void newJarCopiedOverTheOldOneInPlaceGoesLiveByReloadOnly() throws Exception {
		assertGoesLiveByReloadOnly(() -> {
			Files.copy(next(directory.resolve("next.jar")), live, StandardCopyOption.REPLACE_EXISTING);
			killEachWorkerAndAwaitTheSameVersion();
		});
	}

	// Less is moved than copied, and every deploy of BrokenReloadIT is
	@Test
	@Tag("nightly")
	void newJarMovedOverTheOldOneGoesLiveByReloadOnly() throws Exception {
		assertGoesLiveByReloadOnly(() -> {
			Files.move(next(directory.resolve("next.jar")), live, StandardCopyOption.ATOMIC_MOVE,
					StandardCopyOption.REPLACE_EXISTING);
			killEachWorkerAndAwaitTheSameVersion();
		});
	}

	private void assertGoesLiveByReloadOnly(Change change) throws Exception {
		int generation = shared.awaitSettled().generation();
		try (Clients clients = Clients.connecting(shared.port(), "/", CLIENTS, PATIENCE)) {
			change.happen();
			ClusterStatus after = shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
			assertThat(after.generation()).isGreaterThan(generation);
			version++;
			assertThat(shared.get("/").said("version")).isEqualTo(Integer.toString(version));
			// Two workers are killed while the old version lives
			clients.assertAtMostBroke(2 * CLIENTS);
			shared.await("the old snapshot's end",
					() -> snapshots().equals(List.of("generation-" + after.generation())));
		}
	}

	private void killEachWorkerAndAwaitTheSameVersion() {
		ClusterStatus before = shared.awaitSettled();
		for (int slot = 0; slot < 2; slot++) {
			ClusterProcess.signal(before.worker(slot).pid(), "KILL");
			shared.awaitOutput("pid=" + before.worker(slot).pid() + " exited");
		}
		shared.await("replacements")
			.until(shared::status, (status) -> status.isSettled()
					&& before.pids().stream().noneMatch((pid) -> status.pids().contains(pid)));
		for (int i = 0; i < 10; i++) {
			assertThat(shared.get("/").said("version")).isEqualTo(Integer.toString(version));
		}
	}

	private static Path next(Path target) throws IOException {
		return SampleJar.version(target, Integer.toString(version + 1));
	}

	private List<String> snapshots() throws IOException {
		try (Stream<Path> clusters = Files.list(staging)) {
			Path only = clusters.findFirst().orElseThrow();
			try (Stream<Path> files = Files.list(only)) {
				return files.map((file) -> file.getFileName().toString())
					.filter((name) -> name.startsWith("generation-"))
					.toList();
			}
		}
	}

	/**
	 * What happens to the jar.
	 */
	@FunctionalInterface
	private interface Change {

		void happen() throws IOException;

	}

}
