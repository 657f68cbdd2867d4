package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The primary outlives all of its workers, and with it the port.
 */
class AllDeadIT {

	private static final int CLIENTS = 8;

	// Several starts in a row
	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	@Test
	void allWorkersKilledAtOnceRefuseNoConnection(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("3").start()) {
			ClusterStatus before = cluster.awaitSettled();
			try (Clients clients = Clients.connecting(cluster.port(), "/", CLIENTS, PATIENCE)) {
				cluster.await("load", () -> clients.succeeded() > 100);
				killAll(cluster, before);
				int succeeded = clients.succeeded();
				cluster.await("load after the crash", () -> clients.succeeded() > succeeded + 100);
				ClusterStatus after = cluster.awaitSettled();
				assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
				clients.assertAtMostBroke(CLIENTS);
			}
			assertThat(cluster.incidents()).extracting(Incident::cause).containsOnly("signal").hasSize(3);
		}
	}

	@Test
	void causeThatStaysIsWaitedOutWithGrowingDelays(TestInfo test) throws Exception {
		Path live = SampleJar.copy(this.directory.resolve("live.jar"));
		Path staging = this.directory.resolve("staging");
		ClusterLauncher launcher = new ClusterLauncher(test).jar(live)
			.arguments("--cluster.staging.directory=" + staging);
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			Path snapshots = snapshots(staging);
			Path away = this.directory.resolve("away");
			try (Clients clients = Clients.connecting(cluster.port(), "/", CLIENTS, PATIENCE)) {
				cluster.await("load", () -> clients.succeeded() > 100);
				Files.write(live, new byte[1000]);
				// What somebody else has put there is not run
				Files.move(snapshots, away);
				Files.createSymbolicLink(snapshots, this.directory);
				killAll(cluster, before);
				cluster.await("five starts that failed", () -> delays(cluster).size() >= 5);
				assertThat(delays(cluster)).isSorted().first().isEqualTo(0.0);
				assertThat(delays(cluster).get(4)).isGreaterThanOrEqualTo(0.5);
				assertThat(cluster.isAlive()).isTrue();
				int succeeded = clients.succeeded();
				Files.delete(snapshots);
				Files.move(away, snapshots);
				cluster.await("load after the cause is gone", () -> clients.succeeded() > succeeded + 100);
				clients.assertAtMostBroke(CLIENTS);
			}
			ClusterStatus after = cluster.awaitSettled();
			assertThat(after.primary().pid()).isEqualTo(before.primary().pid());
			assertThat(after.failedSlots()).isEmpty();
			assertThat(cluster.incidents()).extracting(Incident::cause).contains("start-failure");
		}
	}

	private void killAll(ClusterProcess cluster, ClusterStatus status) {
		Tool.run(Stream.concat(Stream.of("kill", "-KILL"), status.pids().stream().map((pid) -> Long.toString(pid)))
			.toArray(String[]::new));
		status.pids().forEach((pid) -> cluster.awaitOutput("pid=" + pid + " exited"));
	}

	private List<Double> delays(ClusterProcess cluster) {
		return cluster.output()
			.groups("Slot 1 lost worker \\d+, .*; next worker in (\\d+(?:\\.\\d+)?) s")
			.map(Double::valueOf)
			.toList();
	}

	private Path snapshots(Path staging) throws IOException {
		try (Stream<Path> clusters = Files.list(staging)) {
			return clusters.findFirst().orElseThrow();
		}
	}

}
