package io.clusterboot.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What workers print goes through the primary.
 */
class OutputIT {

	private static final Pattern LINE = Pattern
		.compile("Line (\\d+) of \\d+ of request (\\d+) on (stdout|stderr) of pid=\\d+");

	private static final int LINES = 5000;

	@TempDir
	private Path directory;

	@Test
	void linesOfWorkersThatPrintAtTheSameTimeArriveWholeAndOnTheirStream(TestInfo test) throws Exception {
		Path errors = this.directory.resolve("errors.log");
		try (ClusterProcess cluster = new ClusterLauncher(test)
			.prefix("sh", "-c", "errors=$1; shift; exec \"$@\" 2>\"$errors\"", "sh", errors.toString())
			.start()) {
			cluster.awaitSettled();
			int requests = printOnAllWorkers(cluster);
			Awaitility.await().untilAsserted(() -> {
				assertComplete(cluster.output().text().lines().toList(), "stdout", requests);
				assertComplete(Files.readAllLines(errors), "stderr", requests);
			});
		}
	}

	@Test
	void orderOfStreamsIsKeptWhereTheyGoToTheSamePlaceAndAStoppedPrimaryStopsNobody(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).workers("1").start()) {
			cluster.awaitSettled();
			cluster.get("/print?lines=1000&request=0");
			Awaitility.await().until(() -> cluster.output().has("Line 1000 of 1000 of request 0 on stderr"));
			List<String> streams = cluster.output().groups("Line \\d+ of 1000 of request 0 on (\\w+) of").toList();
			assertThat(streams).hasSize(2000);
			for (int i = 0; i < streams.size(); i++) {
				assertThat(streams.get(i)).isEqualTo((i % 2 == 0) ? "stdout" : "stderr");
			}
			cluster.signal("STOP");
			try {
				assertThat(cluster.get("/print?lines=3000&request=1").status()).isEqualTo(200);
				assertThat(cluster.output().has("of request 1")).isFalse();
			}
			finally {
				cluster.signal("CONT");
			}
			cluster.awaitOutput("Line 3000 of 3000 of request 1 on stderr");
		}
	}

	@Test
	void workersThatPrintAfterTheirPrimaryWasKilledDrain(TestInfo test) throws Exception {
		try (ClusterProcess cluster = new ClusterLauncher(test).start()) {
			cluster.awaitSettled();
			CompletableFuture<HttpReply> slow = print(cluster, 50_000, 0);
			cluster.awaitOutput("of request 0 on stdout");
			cluster.signal("KILL");
			assertThat(slow.get(60, TimeUnit.SECONDS).status()).isEqualTo(200);
			Awaitility.await("no worker left, see " + cluster.output().file())
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(cluster.processes()).isEmpty());
		}
	}

	private int printOnAllWorkers(ClusterProcess cluster) throws Exception {
		Set<Long> printed = new HashSet<>();
		int requests = 0;
		while (printed.size() < 2) {
			List<CompletableFuture<HttpReply>> replies = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				replies.add(print(cluster, LINES, requests++));
			}
			for (CompletableFuture<HttpReply> reply : replies) {
				printed.add(reply.get(60, TimeUnit.SECONDS).pid());
			}
		}
		return requests;
	}

	private CompletableFuture<HttpReply> print(ClusterProcess cluster, int lines, int request) {
		return CompletableFuture.supplyAsync(() -> cluster.get("/print?lines=%d&request=%d".formatted(lines, request)),
				(task) -> new Thread(task).start());
	}

	private void assertComplete(List<String> lines, String stream, int requests) {
		Map<String, Integer> last = new HashMap<>();
		for (String line : lines) {
			if (line.contains("Line ") || line.contains("request")) {
				Matcher matcher = LINE.matcher(line);
				assertThat(matcher.matches()).as(line).isTrue();
				assertThat(matcher.group(3)).isEqualTo(stream);
				assertThat(Integer.parseInt(matcher.group(1))).isEqualTo(last.merge(matcher.group(2), 1, Integer::sum));
			}
		}
		assertThat(last).hasSize(requests).allSatisfy((request, count) -> assertThat(count).isEqualTo(LINES));
	}

}
