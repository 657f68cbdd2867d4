package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.clusterboot.it.variant.ChattingAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What workers say to each other.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("alone")
class MessageIT {

	private static final Duration PROMPT = Duration.ofSeconds(1);

	// In which two generations talk to each other
	private static final String SOAK = "8s";

	// From each of three workers to each other. Half of them are shorter than a kilobyte
	// and
	// a tenth is longer than 256, so that all are 75 kilobytes on average
	private static final int EACH = Nightly.orElse(100_000, 3000) / 6;

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		cluster = new ClusterLauncher(test).with(directory, ChattingAutoConfiguration.class)
			.workers("3")
			.arguments("--cluster.reload.soak=" + SOAK)
			.start();
		cluster.awaitSettled();
	}

	@AfterAll
	static void stop() {
		cluster.close();
	}

	@Test
	@Order(1)
	@Timeout(value = 30, unit = TimeUnit.MINUTES)
	void allTalkToAllAtOnceAndNothingIsLostOrOutOfOrder() throws Exception {
		List<Long> pids = List.copyOf(cluster.status().pids());
		for (long pid : pids) {
			assertThat(exchange(pid, "POST", "/chat?count=" + EACH).status()).isEqualTo(200);
		}
		List<Long> resident = new ArrayList<>();
		cluster.await("all messages")
			.atMost(Nightly.orElse(Duration.ofMinutes(20), Duration.ofMinutes(3)))
			.until(() -> {
				assertPrompt();
				resident.add(cluster.residentKilobytes());
				return reports(pids).stream()
					.allMatch((report) -> report.heard().size() == 2
							&& report.heard().values().stream().allMatch((number) -> number == EACH));
			});
		assertThat(reports(pids)).hasSize(3).allSatisfy((report) -> {
			assertThat(report.disorder()).isZero();
			assertThat(report.sent()).isEqualTo(2 * EACH);
		});
		assertThat(resident).isNotEmpty().allSatisfy((size) -> assertThat(size).isLessThan(64 * 1024));
	}

	@Test
	@Order(2)
	void stoppedWorkerCostsSendersAnErrorAndNoTime() throws Exception {
		ClusterStatus status = cluster.status();
		ClusterStatus.Worker stopped = status.worker(2);
		// Another connection might wait for the worker that is stopped
		try (HttpConnection connection = cluster.connect(status.worker(0).pid(), 1).get(0)) {
			ClusterProcess.signal(stopped.pid(), "STOP");
			String outcome = connection.exchange("POST", "/shout?worker=" + stopped.id(), "").body();
			assertThat(outcome).contains("worker %d: too much waits for it already".formatted(stopped.id()));
			assertThat(Integer.parseInt(outcome.replaceAll(".*slowest (\\d+) ms", "$1"))).isLessThan(1000);
			long start = System.nanoTime();
			assertThat(connection.exchange("GET", "/actuator/cluster", "").status()).isEqualTo(200);
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
			assertThat(cluster.residentKilobytes()).isLessThan(64 * 1024);
		}
		finally {
			ClusterProcess.signal(stopped.pid(), "CONT");
		}
	}

	@Test
	@Order(3)
	void kindThatTheOtherGenerationDoesNotKnowIsDroppedAndFailsWhoAsks() throws Exception {
		ClusterStatus.Worker old = cluster.awaitSettled().worker(2);
		int reload = cluster.reload("{\"strategy\":\"rolling\"}").id();
		ClusterStatus.Worker canary = cluster.await("canary")
			.until(() -> cluster.status().ready(),
					(ready) -> ready.stream().anyMatch((worker) -> worker.generation() > old.generation()))
			.stream()
			.filter((worker) -> worker.generation() > old.generation())
			.findFirst()
			.orElseThrow();
		assertThat(exchange(old.pid(), "POST", "/novelty?worker=" + canary.id()).body()).isEqualTo("answered news");
		assertThat(exchange(canary.pid(), "POST", "/novelty?worker=" + old.id()).body()).contains("worker " + old.id(),
				"nobody there listens to a " + ChattingAutoConfiguration.Novelty.class.getName());
		assertThat(exchange(canary.pid(), "POST", "/novelties").status()).isEqualTo(200);
		assertThat(exchange(canary.pid(), "POST", "/novelty?worker=" + old.id()).body())
			.contains("nobody there listens");
		cluster.awaitReload(reload);
		assertThat(cluster.output().text().lines())
			.filteredOn(
					(line) -> line.contains("Dropped a message of worker " + canary.id()) && line.contains("Novelty"))
			.hasSizeBetween(1, 3)
			.allMatch((line) -> line.contains("(1 dropped so far)"));
	}

	@Test
	@Order(4)
	void whatIsRetainedIsThereInEveryWorkerThatStartsLater() throws IOException {
		cluster.post("/topic?text=retained", "");
		ClusterStatus after = cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
		assertThat(after.pids()).hasSize(3);
		for (long pid : after.pids()) {
			assertThat(exchange(pid, "GET", "/topic").body()).isEqualTo("retained");
		}
	}

	private static HttpReply exchange(long pid, String method, String path) throws IOException {
		try (HttpConnection connection = cluster.connect(pid, 1).get(0)) {
			return connection.exchange(method, path, "");
		}
	}

	private static void assertPrompt() {
		long start = System.nanoTime();
		cluster.status();
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
	}

	private static List<ChattingAutoConfiguration.Report> reports(List<Long> pids) throws IOException {
		List<ChattingAutoConfiguration.Report> reports = new ArrayList<>();
		for (long pid : pids) {
			reports.add(new JsonMapper().readValue(exchange(pid, "GET", "/chat").body(),
					ChattingAutoConfiguration.Report.class));
		}
		return reports;
	}

}
