package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What happens to the jar on disk reaches nobody before a reload.
 */
class SnapshotIT {

	@TempDir
	private Path directory;

	private Path live;

	private Path staging;

	private ClusterProcess cluster;

	@BeforeEach
	void start(TestInfo test) throws Exception {
		this.live = SampleJar.copy(this.directory.resolve("live.jar"));
		this.staging = this.directory.resolve("staging");
		this.cluster = new ClusterLauncher(test).jar(this.live)
			.arguments("--cluster.staging.directory=" + this.staging)
			.start();
		this.cluster.awaitSettled();
	}

	@AfterEach
	void stop() throws IOException {
		this.cluster.close();
		assertThat(this.staging).isEmptyDirectory();
	}

	@Test
	void garbageWrittenOverTheJarHurtsNobody() throws Exception {
		try (Clients clients = Clients.connecting(this.cluster.port(), "/", 4)) {
			Files.write(this.live, new byte[1000]);
			killEachWorkerAndAwaitTheSameVersion("1");
			ClusterStatus before = this.cluster.awaitSettled();
			ClusterStatus after = this.cluster.awaitEndOfReload(this.cluster.reload("").id());
			assertThat(after.lastReload().status()).isEqualTo("failed");
			assertThat(after.lastReload().reason()).contains("live.jar is not a complete archive");
			assertThat(after.pids()).isEqualTo(before.pids());
			assertThat(clients.refused()).isZero();
		}
		SampleJar.copy(this.live);
		assertThat(this.cluster.awaitReload(this.cluster.reload("").id()).lastReload().status()).isEqualTo("succeeded");
		this.cluster.signal("TERM");
		assertThat(this.cluster.awaitExit(Duration.ofSeconds(20))).isEqualTo(143);
	}

	@Test
	void newJarCopiedOverTheOldOneInPlaceGoesLiveByReloadOnly() throws Exception {
		Path next = version("two");
		try (Clients clients = Clients.connecting(this.cluster.port(), "/", 4)) {
			Files.copy(next, this.live, StandardCopyOption.REPLACE_EXISTING);
			killEachWorkerAndAwaitTheSameVersion("1");
			this.cluster.awaitReload(this.cluster.reload("").id());
			assertThat(this.cluster.get("/").said("version")).isEqualTo("two");
			assertThat(clients.refused()).isZero();
		}
		assertThat(this.cluster.output().text()).doesNotContain("ClassNotFoundException", "NoClassDefFoundError");
	}

	@Test
	void newJarMovedOverTheOldOneGoesLiveByReloadOnly() throws Exception {
		Path next = version("two");
		try (Clients clients = Clients.connecting(this.cluster.port(), "/", 4)) {
			Files.move(next, this.live, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			killEachWorkerAndAwaitTheSameVersion("1");
			this.cluster.awaitReload(this.cluster.reload("").id());
			assertThat(this.cluster.get("/").said("version")).isEqualTo("two");
			assertThat(clients.refused()).isZero();
		}
	}

	@Test
	void halfAJarAndNoJarAreRefusedAndOnlyTheLiveSnapshotIsKept() throws Exception {
		byte[] whole = Files.readAllBytes(this.live);
		Files.write(this.live, Arrays.copyOf(whole, whole.length / 2));
		assertRefused("is not a complete archive");
		Files.delete(this.live);
		assertRefused("does not exist");
		Files.write(this.live, whole);
		ClusterStatus after = this.cluster.awaitReload(this.cluster.reload("").id());
		assertThat(after.lastReload().status()).isEqualTo("succeeded");
		this.cluster.await("the old snapshot's end",
				() -> snapshots().equals(List.of("generation-" + after.generation())));
	}

	private void assertRefused(String reason) {
		ClusterStatus before = this.cluster.awaitSettled();
		ClusterStatus after = this.cluster.awaitEndOfReload(this.cluster.reload("").id());
		assertThat(after.lastReload().status()).isEqualTo("failed");
		assertThat(after.lastReload().reason()).contains(reason);
		assertThat(after.pids()).isEqualTo(before.pids());
	}

	private void killEachWorkerAndAwaitTheSameVersion(String version) {
		for (int slot = 0; slot < 2; slot++) {
			ClusterStatus.Worker victim = this.cluster.awaitSettled().worker(slot);
			int place = slot;
			ClusterProcess.signal(victim.pid(), "KILL");
			this.cluster.await("replacement")
				.until(this.cluster::status, (status) -> status.isSettled() && status.worker(place).id() > victim.id());
		}
		for (int i = 0; i < 10; i++) {
			assertThat(this.cluster.get("/").said("version")).isEqualTo(version);
		}
	}

	private Path version(String version) throws IOException {
		return SampleJar.with(this.directory.resolve("next.jar"), "application.properties",
				"sample.version=" + version + "\n", null);
	}

	private List<String> snapshots() throws IOException {
		try (Stream<Path> clusters = Files.list(this.staging)) {
			Path only = clusters.findFirst().orElseThrow();
			try (Stream<Path> files = Files.list(only)) {
				return files.map((file) -> file.getFileName().toString())
					.filter((name) -> name.startsWith("generation-"))
					.toList();
			}
		}
	}

}
