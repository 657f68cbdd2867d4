package io.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

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
			shared.await("load", () -> clients.succeeded() > 100);
			ClusterProcess.signal(victim.pid(), "KILL");
			ClusterStatus after = awaitReplacement(victim);
			assertThat(after.target()).isEqualTo(2);
			assertThat(after.worker(0).pid()).isEqualTo(before.worker(0).pid());
			ClusterStatus.Worker replacement = after.worker(1);
			assertThat(replacement.generation()).isEqualTo(victim.generation());
			assertThat(replacement.restarts()).isEqualTo(victim.restarts() + 1);
			int succeeded = clients.succeeded();
			shared.await("load after the crash", () -> clients.succeeded() > succeeded + 100);
			clients.assertAtMostBroke(CLIENTS);
		}
		assertThat(shared.output().lines("pid=" + victim.pid() + " exited: .*SIGKILL")).hasSize(1);
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
	void slotThatKeepsCrashingIsRespawnedEverMoreSlowlyWhileOthersServe() throws Exception {
		ClusterStatus before = shared.awaitSettled();
		long survivor = before.worker(0).pid();
		ClusterStatus.Worker victim = before.worker(1);
		List<Double> delays = new ArrayList<>();
		for (String path : List.of("/crash", "/exit?code=7", "/crash")) {
			crash(victim.pid(), path);
			// What came until then waits for the slot's next worker
			shared.awaitOutput("Slot 1 lost worker " + victim.id());
			shared.await("answer of the survivor", () -> shared.get("/").pid() == survivor);
			for (int request = 0; request < 10; request++) {
				assertThat(shared.get("/").pid()).isEqualTo(survivor);
			}
			delays.add(delayAfter(victim));
			victim = awaitReplacement(victim).worker(1);
		}
		assertThat(victim.restarts()).isEqualTo(before.worker(1).restarts() + 3);
		assertThat(delays.get(1)).isPositive().isGreaterThan(delays.get(0)).isLessThan(delays.get(2));
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

	private void crash(long pid, String path) throws IOException {
		if (path.startsWith("/exit")) {
			shared.exchange(pid, "GET", path);
			shared.awaitOutput("pid=" + pid + " exited: exit code 7");
		}
		else {
			assertThatIOException().isThrownBy(() -> shared.exchange(pid, "GET", path));
			shared.awaitOutput("pid=" + pid + " exited: exit code 1");
		}
	}

	private double delayAfter(ClusterStatus.Worker victim) {
		return Double.parseDouble(shared.output()
			.group("Slot 1 lost worker %d, .*; next worker in (\\d+(?:\\.\\d+)?) s".formatted(victim.id())));
	}

	private ClusterStatus awaitReplacement(ClusterStatus.Worker victim) {
		return shared.await("replacement of worker " + victim.id())
			.atMost(Duration.ofSeconds(60))
			.until(shared::status, (status) -> status.isSettled() && status.worker(victim.slot()).id() > victim.id());
	}

}
