package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.clusterboot.it.variant.LateAutoConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What waits for a worker that is gone does not wait for a new JVM.
 */
@Tag("alone")
class SpareIT {

	private static final int CLIENTS = 8;

	@TempDir
	private Path directory;

	@Test
	void spareTakesTheSlotOfADeadWorkerAtOnce(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).arguments("--cluster.spares=1").start()) {
			ClusterStatus before = awaitSpare(cluster);
			ClusterStatus.Worker spare = before.spares().get(0);
			assertThat(before.target()).isEqualTo(2);
			assertThat(before.workers()).hasSize(3);
			assertThat(spare.requests()).isZero();
			try (Clients clients = Clients.connecting(cluster.port(), "/", CLIENTS)) {
				cluster.await("load", () -> clients.succeeded() > 500);
				ClusterProcess.signal(before.worker(1).pid(), "KILL");
				ClusterStatus soon = cluster.await("the spare in its slot")
					.atMost(Duration.ofSeconds(2))
					.until(cluster::status,
							(status) -> status.ready()
								.stream()
								.anyMatch((worker) -> worker.id() == spare.id() && Set.of(1).contains(worker.slot())));
				assertThat(soon.worker(1).pid()).isEqualTo(spare.pid());
				assertThat(cluster.exchange(spare.pid(), "GET", "/").said("slot")).isEqualTo("1");
				cluster.await("requests served by it", () -> cluster.status().worker(1).requests() > 100);
				ClusterStatus after = awaitSpare(cluster);
				assertThat(after.spares().get(0).id()).isGreaterThan(spare.id());
				assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
				assertThat(after.worker(1).pid()).isEqualTo(spare.pid());
				clients.assertAtMostBroke(CLIENTS);
			}
		}
	}

	@Test
	void reloadReplacesSparesTooAndFailsNoRequest(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).arguments("--cluster.spares=1").start()) {
			ClusterStatus before = awaitSpare(cluster);
			try (Clients clients = Clients.connecting(cluster.port(), "/", 4)) {
				int id = cluster.reload("").id();
				assertThat(cluster.awaitReload(id).lastReload().status()).isEqualTo("succeeded");
				ClusterStatus after = awaitSpare(cluster);
				assertThat(after.pids()).hasSize(3).doesNotContainAnyElementsOf(before.pids());
				assertThat(after.workers()).allMatch((worker) -> worker.generation() == after.generation());
				clients.assertNoneFailed();
			}
		}
	}

	@Test
	void whatWaitsForAHungWorkerIsAnsweredByItsSibling(TestInfo test) throws Exception {
		Path late = this.directory.resolve("1");
		ClusterLauncher launcher = new ClusterLauncher(test)
			.jar(SampleJar.with(this.directory.resolve("late.jar"), LateAutoConfiguration.class))
			.environment("SAMPLE_LATE", this.directory.toString())
			.arguments("--cluster.worker.hang-timeout=3s");
		try (ClusterProcess cluster = launcher.start()) {
			ClusterStatus before = cluster.awaitSettled();
			Files.createFile(late);
			ClusterProcess.signal(before.worker(1).pid(), "STOP");
			List<HttpConnection> waiting = new ArrayList<>();
			try {
				for (int i = 0; i < 40; i++) {
					waiting.add(new HttpConnection(cluster.port()));
				}
				for (HttpConnection connection : waiting) {
					assertThat(connection.exchange("GET", "/", "").pid()).isEqualTo(before.worker(0).pid());
				}
			}
			finally {
				for (HttpConnection connection : waiting) {
					connection.close();
				}
			}
			// All of this before the slot has a worker again
			assertThat(cluster.status().ready()).noneMatch((worker) -> worker.id() > before.worker(1).id());
			Incident incident = cluster.awaitIncident(before.worker(1).id());
			assertThat(incident.cause()).isEqualTo("hang");
			Files.delete(late);
			ClusterStatus after = cluster.awaitSettled();
			assertThat(after.worker(1).pid()).isNotEqualTo(before.worker(1).pid());
			// The slot is its own again
			assertThat(pidsThatAnswer(cluster, 40)).isEqualTo(after.pids());
		}
	}

	private Set<Long> pidsThatAnswer(ClusterProcess cluster, int requests) {
		return IntStream.range(0, requests).mapToObj((request) -> cluster.get("/").pid()).collect(Collectors.toSet());
	}

	private ClusterStatus awaitSpare(ClusterProcess cluster) {
		return cluster.await("spare").until(cluster::status, (status) -> {
			List<ClusterStatus.Worker> spares = status.spares();
			return status.isSettled() && spares.size() == 1 && spares.get(0).state().equals("warm");
		});
	}

}
