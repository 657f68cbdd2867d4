package io.clusterboot.it;

import java.io.UncheckedIOException;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Workers that die are replaced.
 */
class CrashIT {

	private static final int CLIENTS = 8;

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
	void killedWorkerIsReplacedAndNoConnectionIsRefused() {
		ClusterStatus before = shared.awaitSettled();
		ClusterStatus.Worker victim = before.worker(1);
		try (Clients clients = Clients.connecting(shared.port(), "/", CLIENTS)) {
			shared.await("load", () -> clients.succeeded() > 500);
			ClusterProcess.signal(victim.pid(), "KILL");
			ClusterStatus after = awaitReplacement(victim);
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
			int succeeded = clients.succeeded();
			shared.await("load after the crash", () -> clients.succeeded() > succeeded + 200);
			assertThat(clients.refused()).isZero();
			// What was in flight on the victim: at most one request of every client
			assertThat(clients.stop()).hasSizeLessThanOrEqualTo(CLIENTS);
		}
		assertThat(shared.output().lines("pid=" + victim.pid() + " exited: .*SIGKILL")).hasSize(1);
	}

	@Test
	void replacementHasNewIdSameSlotAndGenerationAndCountsRestart() {
		ClusterStatus.Worker victim = shared.awaitSettled().worker(0);
		ClusterProcess.signal(victim.pid(), "KILL");
		ClusterStatus after = awaitReplacement(victim);
		ClusterStatus.Worker replacement = after.worker(0);
		assertThat(replacement.id()).isGreaterThan(victim.id());
		assertThat(replacement.generation()).isEqualTo(victim.generation());
		assertThat(replacement.restarts()).isEqualTo(victim.restarts() + 1);
		assertThat(after.target()).isEqualTo(2);
	}

	@Test
	void workerThatHaltsIsReplacedWithItsExitCodeLogged() {
		assertReplacedAfter("/crash", "exit code 1");
	}

	@Test
	void workerThatExitsIsReplacedWithItsExitCodeLogged() {
		assertReplacedAfter("/exit?code=7", "exit code 7");
	}

	@Test
	void workerThatExitsZeroUnaskedIsReplaced() {
		assertReplacedAfter("/exit?code=0", "exit code 0");
	}

	@Test
	void workerOutOfMemoryIsReplaced() {
		assertReplacedAfter("/oom", "exit code 3");
	}

	@Test
	void workerTerminatedByHandServesUntilItsReplacementDoes() {
		ClusterStatus.Worker victim = shared.awaitSettled().worker(1);
		ClusterProcess.signal(victim.pid(), "TERM");
		ClusterStatus.Worker replacement = awaitReplacement(victim).worker(1);
		assertThat(shared.output().text()).containsSubsequence(
				"pid=%d is to be replaced: SIGTERM".formatted(victim.pid()),
				"pid=%d ready: ".formatted(replacement.pid()), "pid=%d draining: ".formatted(victim.pid()));
		assertThat(shared.incidents()).noneMatch((incident) -> incident.worker() == victim.id());
		assertThat(shared.output().lines("pid=" + victim.pid() + " exited: .*143")).hasSize(1);
	}

	@Test
	void slotThatKeepsCrashingIsRespawnedEverMoreSlowlyWhileOthersServe() {
		ClusterStatus before = shared.awaitSettled();
		long survivor = before.worker(0).pid();
		ClusterStatus.Worker victim = before.worker(1);
		for (int i = 0; i < 3; i++) {
			ClusterProcess.signal(victim.pid(), "KILL");
			// What came until then waits for the slot's next worker
			shared.awaitOutput("Slot 1 lost worker " + victim.id());
			shared.await("answer of the survivor", () -> shared.get("/").pid() == survivor);
			for (int request = 0; request < 10; request++) {
				assertThat(shared.get("/").pid()).isEqualTo(survivor);
			}
			victim = awaitReplacement(victim).worker(1);
		}
		assertThat(victim.restarts()).isEqualTo(before.worker(1).restarts() + 3);
	}

	@Test
	void clusterWithOneWorkerKeepsConnectionsWaitingThroughACrash(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1").start()) {
			ClusterStatus.Worker victim = cluster.awaitSettled().worker(0);
			ClusterProcess.signal(victim.pid(), "KILL");
			cluster.awaitOutput("pid=" + victim.pid() + " exited");
			// Connected while nobody is there to accept, answered by the next worker
			assertThat(cluster.get("/").pid()).isNotEqualTo(victim.pid());
		}
	}

	private void assertReplacedAfter(String path, String reason) {
		shared.awaitSettled();
		long pid = crash(path);
		shared.awaitOutput("pid=" + pid + " exited: " + reason);
		ClusterStatus after = shared.awaitSettled();
		assertThat(after.pids()).doesNotContain(pid);
	}

	private long crash(String path) {
		ClusterStatus before = shared.status();
		if (path.startsWith("/exit")) {
			return shared.get(path).pid();
		}
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> shared.get(path));
		return shared.await("exit of a worker")
			.until(() -> before.pids().stream().filter((pid) -> shared.output().has("pid=" + pid + " exited")).toList(),
					(exited) -> !exited.isEmpty())
			.get(0);
	}

	private ClusterStatus awaitReplacement(ClusterStatus.Worker victim) {
		return shared.await("replacement of worker " + victim.id())
			.atMost(Duration.ofSeconds(60))
			.until(shared::status, (status) -> status.isSettled() && status.worker(victim.slot()).id() > victim.id());
	}

}
