package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The primary outlives all of its workers, and with it the port.
 */
class AllDeadIT {

	private static final int CLIENTS = 8;

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
			.workers("3")
			.arguments("--cluster.staging.directory=" + this.staging)
			.start();
		this.cluster.awaitSettled();
	}

	@AfterEach
	void stop() {
		this.cluster.close();
	}

	@Test
	void allWorkersKilledAtOnceRefuseNoConnection() {
		ClusterStatus before = this.cluster.awaitSettled();
		try (Clients clients = Clients.connecting(this.cluster.port(), "/", CLIENTS)) {
			this.cluster.await("load", () -> clients.succeeded() > 500);
			killAll(before);
			int succeeded = clients.succeeded();
			this.cluster.await("load after the crash", () -> clients.succeeded() > succeeded + 500);
			ClusterStatus after = this.cluster.awaitSettled();
			assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
			assertThat(clients.refused()).isZero();
			assertThat(clients.stop()).hasSizeLessThanOrEqualTo(CLIENTS);
		}
		assertThat(this.cluster.incidents()).extracting(Incident::cause).containsOnly("signal").hasSize(3);
	}

	@Test
	void causeThatStaysIsWaitedOutWithGrowingDelays() throws Exception {
		ClusterStatus before = this.cluster.awaitSettled();
		Path snapshot = snapshot(before.generation());
		Path away = this.directory.resolve("away");
		try (Clients clients = Clients.connecting(this.cluster.port(), "/", CLIENTS)) {
			this.cluster.await("load", () -> clients.succeeded() > 100);
			Files.write(this.live, new byte[1000]);
			Files.move(snapshot, away);
			killAll(before);
			this.cluster.await("five starts that failed", () -> delays(1).size() >= 5);
			assertThat(delays(1)).isSorted().first().isEqualTo(0.0);
			assertThat(delays(1).get(4)).isGreaterThanOrEqualTo(0.5);
			assertThat(this.cluster.isAlive()).isTrue();
			int succeeded = clients.succeeded();
			Files.move(away, snapshot);
			this.cluster.await("load after the cause is gone", () -> clients.succeeded() > succeeded + 100);
			assertThat(clients.refused()).isZero();
			assertThat(clients.stop()).hasSizeLessThanOrEqualTo(CLIENTS);
		}
		ClusterStatus after = this.cluster.awaitSettled();
		assertThat(after.primary().pid()).isEqualTo(before.primary().pid());
		assertThat(after.failedSlots()).isEmpty();
		assertThat(this.cluster.incidents()).extracting(Incident::cause).contains("start-failure");
	}

	private void killAll(ClusterStatus status) {
		Tool.run(Stream.concat(Stream.of("kill", "-KILL"), status.pids().stream().map((pid) -> Long.toString(pid)))
			.toArray(String[]::new));
		status.pids().forEach((pid) -> this.cluster.awaitOutput("pid=" + pid + " exited"));
	}

	private List<Double> delays(int slot) {
		return this.cluster.output()
			.groups("Slot " + slot + " lost worker \\d+, .*; next worker in (\\d+(?:\\.\\d+)?) s")
			.map(Double::valueOf)
			.toList();
	}

	private Path snapshot(int generation) throws IOException {
		try (Stream<Path> clusters = Files.list(this.staging)) {
			Path snapshot = clusters.findFirst().orElseThrow().resolve("generation-" + generation);
			assertThat(snapshot).isDirectory();
			return snapshot;
		}
	}

}
