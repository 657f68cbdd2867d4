package io.clusterboot.it;

import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How a cluster ends.
 */
class ShutdownIT {

	private static final Duration DRAIN = Duration.ofSeconds(20);

	@Test
	void sigtermUnderLoadAnswersEveryAcceptedRequest(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test)) {
			List<CompletableFuture<HttpReply>> slow = slowRequests(cluster, 20, 3000);
			try (Clients clients = Clients.connecting(cluster.port(), "/", 4)) {
				cluster.await("load", () -> clients.succeeded() > 100);
				cluster.signal("TERM");
				assertThat(cluster.awaitExit(DRAIN)).isEqualTo(143);
				int refused = clients.refused();
				Awaitility.await().until(() -> clients.refused() > refused);
				assertThat(clients.stop()).isEmpty();
			}
			assertAnswered(slow);
			cluster.assertNothingLeft();
		}
	}

	@Test
	void sigintDrainsAndExits130(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test)) {
			List<CompletableFuture<HttpReply>> slow = slowRequests(cluster, 2, 3000);
			cluster.signal("INT");
			assertThat(cluster.awaitExit(DRAIN)).isEqualTo(130);
			assertAnswered(slow);
			cluster.assertNothingLeft();
		}
	}

	@Test
	void interruptOfWholeTerminalStillDrains(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test)) {
			List<CompletableFuture<HttpReply>> slow = slowRequests(cluster, 2, 3000);
			// The terminal sends ^C to every process of the group
			cluster.processes().forEach((process) -> ClusterProcess.signal(process.pid(), "INT"));
			assertThat(cluster.awaitExit(DRAIN)).isEqualTo(130);
			assertAnswered(slow);
			cluster.assertNothingLeft();
		}
	}

	@Test
	@Tag("alone")
	void secondInterruptEndsEverythingAtOnce(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test)) {
			slowRequests(cluster, 2, 20_000);
			cluster.signal("INT");
			cluster.awaitOutput("pid=\\d+ draining");
			cluster.signal("INT");
			assertThat(cluster.awaitExit(Duration.ofSeconds(2))).isNotZero();
			cluster.assertNothingLeft();
		}
	}

	@Test
	void shutdownOverHttpDrainsAndExitsZero(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test)) {
			List<CompletableFuture<HttpReply>> slow = slowRequests(cluster, 2, 3000);
			assertThat(cluster.post("/actuator/cluster/shutdown", "").status()).isEqualTo(202);
			assertThat(cluster.awaitExit(DRAIN)).isZero();
			assertAnswered(slow);
			cluster.assertNothingLeft();
			assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> HttpReply.get(cluster.port(), "/"));
		}
	}

	@Test
	void drainThatTakesTooLongIsCutOffAndLogged(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test, "--cluster.drain.timeout=2s")) {
			slowRequests(cluster, 1, 30_000);
			cluster.signal("TERM");
			assertThat(cluster.awaitExit(DRAIN)).isEqualTo(143);
			cluster.assertNothingLeft();
			assertThat(cluster.output().lines(" WARN .* cut 1 requests off: they did not end within 2 s")).hasSize(1);
		}
	}

	@Test
	@Tag("alone")
	void workersOutliveKilledPrimaryOnlyForTheirDrain(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test)) {
			List<CompletableFuture<HttpReply>> slow = slowRequests(cluster, 4, 5000);
			cluster.signal("KILL");
			assertThat(cluster.awaitExit(Duration.ofSeconds(2))).isEqualTo(137);
			assertRefused(cluster.port());
			assertThat(slow).as("requests in flight when the port was free").noneMatch(CompletableFuture::isDone);
			assertAnswered(slow);
			Awaitility.await("no worker left, see " + cluster.output().file())
				.atMost(DRAIN)
				.untilAsserted(() -> assertThat(cluster.processes()).isEmpty());
			cluster.assertNothingLeft();
		}
	}

	@Test
	void clusterWhosePrimaryWasKilledIsStartedAgainWhileRequestsAreInFlight(TestInfo test) throws Exception {
		try (ClusterProcess cluster = start(test)) {
			List<CompletableFuture<HttpReply>> slow = slowRequests(cluster, 2, 8000);
			cluster.signal("KILL");
			try (ClusterProcess next = new ClusterLauncher(test).named("next").port(cluster.port()).start()) {
				next.awaitOutput("Cluster primary pid=");
				assertThat(slow).as("requests in flight when the next cluster has the port")
					.noneMatch(CompletableFuture::isDone);
				next.awaitSettled();
				assertAnswered(slow);
			}
			Awaitility.await().atMost(DRAIN).untilAsserted(() -> assertThat(cluster.processes()).isEmpty());
		}
	}

	private void assertRefused(int port) {
		Awaitility.await("port that is free")
			.atMost(Duration.ofSeconds(3))
			.untilAsserted(() -> assertThatExceptionOfType(ConnectException.class)
				.isThrownBy(() -> new Socket("localhost", port).close()));
	}

	private ClusterProcess start(TestInfo test, String... arguments) throws Exception {
		ClusterProcess cluster = new ClusterLauncher(test).arguments(arguments).start();
		cluster.awaitSettled();
		return cluster;
	}

	private List<CompletableFuture<HttpReply>> slowRequests(ClusterProcess cluster, int count, int ms) {
		List<CompletableFuture<HttpReply>> replies = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			replies.add(CompletableFuture.supplyAsync(() -> cluster.get("/slow?ms=" + ms),
					(task) -> new Thread(task).start()));
		}
		cluster.awaitInFlight(count);
		return replies;
	}

	private void assertAnswered(List<CompletableFuture<HttpReply>> replies) throws Exception {
		for (CompletableFuture<HttpReply> reply : replies) {
			assertThat(reply.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		}
	}

}
