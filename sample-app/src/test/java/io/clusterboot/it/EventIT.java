package io.clusterboot.it;

import java.nio.file.Path;
import java.util.List;

import io.clusterboot.it.variant.ListeningAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application hears of its cluster, and does to it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EventIT {

	private static final int CLIENTS = 4;

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		cluster = new ClusterLauncher(test).with(directory, ListeningAutoConfiguration.class).start();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	@Order(1)
	void workersHearOfEachOthersLivesAndOfAReload() throws Exception {
		ClusterStatus before = cluster.awaitSettled();
		long listener = before.worker(0).pid();
		cluster.await("word of all who are alive",
				() -> heard(listener).containsAll(List.of("WorkerReady 1", "WorkerReady 2")));
		assertThat(heard(listener))
			.containsSubsequence("WorkerForked 1", "WorkerOnline 1", "WorkerListening 1", "WorkerReady 1")
			.containsSubsequence("WorkerForked 2", "WorkerOnline 2", "WorkerListening 2", "WorkerReady 2");
		ClusterProcess.signal(before.worker(1).pid(), "KILL");
		cluster.await("word of its replacement", () -> heard(listener).contains("WorkerReady 3"));
		assertThat(heard(listener))
			.containsSubsequence("WorkerDisconnected 2", "WorkerExited 2 137 SIGNAL gone", "WorkerForked 3",
					"WorkerOnline 3", "WorkerListening 3", "WorkerReady 3")
			.doesNotHaveDuplicates();
		ClusterStatus after = cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
		long next = after.worker(0).pid();
		cluster.await("word of the end of the reload", () -> heard(next).contains("ReloadFinished"));
		assertThat(heard(next)).anyMatch((event) -> event.matches("WorkerExited 1 0 null gone"));
	}

	@Test
	@Order(2)
	void workerThatAnotherDisconnectsIsReplacedWithoutAFailedRequest() throws Exception {
		ClusterStatus before = cluster.awaitSettled();
		ClusterStatus.Worker leaver = before.worker(1);
		long other = before.worker(0).pid();
		try (Clients clients = Clients.connecting(cluster.port(), "/", CLIENTS)) {
			assertThat(end(other, "disconnect", leaver.id())).isEqualTo("true");
			cluster.await("word of its end",
					() -> heard(other).contains("WorkerExited %d 0 null gone".formatted(leaver.id())));
			clients.assertNoneFailed();
		}
		assertThat(heard(other)).containsSubsequence("WorkerReady " + cluster.awaitSettled().worker(1).id(),
				"WorkerDisconnected " + leaver.id(), "WorkerExited %d 0 null gone".formatted(leaver.id()));
		assertThat(cluster.incidents()).noneMatch((incident) -> incident.worker() == leaver.id());
		assertThat(end(other, "disconnect", leaver.id())).isEqualTo("false");
	}

	@Test
	@Order(3)
	void workerThatAnotherKillsIsReplacedAndItsIncidentSaysWhoDidIt() throws Exception {
		ClusterStatus before = cluster.awaitSettled();
		ClusterStatus.Worker victim = before.worker(1);
		long other = before.worker(0).pid();
		assertThat(end(other, "kill", victim.id())).isEqualTo("true");
		Incident incident = cluster.awaitIncident(victim.id());
		assertThat(incident.exit()).startsWith("SIGKILL");
		assertThat(incident.detail()).contains("ListeningAutoConfiguration.kill");
		cluster.await("replacement")
			.until(cluster::status, (status) -> status.isSettled() && status.worker(1).id() > victim.id());
		cluster.await("word of its end", () -> heard(other).stream()
			.anyMatch((event) -> event.matches("WorkerExited %d 137 SIGNAL gone".formatted(victim.id()))));
		assertThat(end(other, "kill", victim.id())).isEqualTo("false");
	}

	private static String end(long caller, String how, int worker) throws Exception {
		return exchange(caller, "POST", "/%s?worker=%d".formatted(how, worker));
	}

	private static List<String> heard(long pid) throws Exception {
		return exchange(pid, "GET", "/heard").lines().toList();
	}

	private static String exchange(long pid, String method, String path) throws Exception {
		try (HttpConnection connection = cluster.connect(pid, 1).get(0)) {
			return connection.exchange(method, path, "").body();
		}
	}

}
