package io.clusterboot.it;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spares take over at once, and are replaced as others are.
 */
class SpareIT {

	private static final int CLIENTS = 8;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		shared = new ClusterLauncher(test).arguments("--cluster.spares=1").start();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void spareTakesTheSlotOfADeadWorkerAtOnce() throws Exception {
		ClusterStatus before = awaitSpare();
		ClusterStatus.Worker spare = before.spares().get(0);
		assertThat(before.target()).isEqualTo(2);
		assertThat(before.workers()).hasSize(3);
		assertThat(spare.requests()).isZero();
		try (Clients clients = Clients.connecting(shared.port(), "/", CLIENTS)) {
			shared.await("load", () -> clients.succeeded() > 100);
			ClusterProcess.signal(before.worker(1).pid(), "KILL");
			ClusterStatus soon = shared.await("the spare in its slot")
				.atMost(Duration.ofSeconds(2))
				.until(shared::status,
						(status) -> status.ready()
							.stream()
							.anyMatch((worker) -> worker.id() == spare.id() && Set.of(1).contains(worker.slot())));
			assertThat(soon.worker(1).pid()).isEqualTo(spare.pid());
			assertThat(shared.exchange(spare.pid(), "GET", "/").said("slot")).isEqualTo("1");
			shared.await("requests served by it", () -> shared.status().worker(1).requests() > 100);
			ClusterStatus after = awaitSpare();
			assertThat(after.spares().get(0).id()).isGreaterThan(spare.id());
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
			assertThat(after.worker(1).pid()).isEqualTo(spare.pid());
			clients.assertAtMostBroke(CLIENTS);
		}
	}

	@Test
	void reloadReplacesSparesTooAndFailsNoRequest() {
		ClusterStatus before = awaitSpare();
		try (Clients clients = Clients.connecting(shared.port(), "/", 4)) {
			shared.awaitReload(shared.reload("").id());
			ClusterStatus after = awaitSpare();
			assertThat(after.pids()).hasSize(3).doesNotContainAnyElementsOf(before.pids());
			assertThat(after.workers()).allMatch((worker) -> worker.generation() == after.generation());
			clients.assertNoneFailed();
		}
	}

	private ClusterStatus awaitSpare() {
		return shared.await("spare").until(shared::status, (status) -> {
			List<ClusterStatus.Worker> spares = status.spares();
			return status.isSettled() && spares.size() == 1 && spares.get(0).state().equals("warm");
		});
	}

}
