package io.clusterboot.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.clusterboot.it.variant.SharedCachingAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Caches that all workers share.
 */
class SharedCacheIT {

	private static final int REQUESTS = 200;

	private static final Duration PATIENCE = Duration.ofSeconds(25);

	@TempDir
	private static Path directory;

	private static ClusterProcess cluster;

	private static ExecutorService clients;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		cluster = new ClusterLauncher(test).with(directory, SharedCachingAutoConfiguration.class)
			.arguments("--test.directory=" + directory)
			.start();
		cluster.awaitSettled();
		clients = Executors.newFixedThreadPool(REQUESTS);
	}

	@AfterAll
	static void stop() {
		clients.shutdownNow();
		cluster.close();
	}

	@Test
	void valueThatAllWorkersWantIsComputedOnce() throws Exception {
		List<CompletableFuture<String>> answers = ask("one");
		awaitAllWaiting();
		end("one");
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(PATIENCE));
		String report = answers.get(0).join();
		assertThat(report).contains("name=one, by=" + computers("one").get(0), "amount=1.50");
		assertThat(answers).allSatisfy((answer) -> assertThat(answer.join()).isEqualTo(report));
		assertThat(computers("one")).hasSize(1);
		for (ClusterStatus.Worker worker : cluster.status().ready()) {
			try (HttpConnection connection = cluster.connect(worker.pid(), 1).get(0)) {
				assertThat(connection.exchange("DELETE", "/report?name=one", "").status()).isEqualTo(200);
			}
			assertThat(get("one")).isNotEqualTo(report).isEqualTo(get("one"));
		}
		assertThat(computers("one")).hasSize(3);
	}

	@Test
	void valueIsComputedByTheNextWhenAWorkerIsKilledAndSurvivesAReload() throws Exception {
		List<CompletableFuture<String>> answers = ask("two");
		ClusterStatus before = awaitAllWaiting();
		long victim = computers("two").get(0);
		int lost = before.ready()
			.stream()
			.filter((worker) -> worker.pid() == victim)
			.mapToInt(ClusterStatus.Worker::requestsInFlight)
			.sum();
		ClusterProcess.signal(victim, "KILL");
		cluster.await("the next one", () -> computers("two").size() == 2);
		end("two");
		List<String> reports = new ArrayList<>();
		for (CompletableFuture<String> answer : answers) {
			try {
				reports.add(answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join());
			}
			catch (CompletionException ex) {
				assertThat(ex).as("what the victim had in its hands").hasCauseInstanceOf(IOException.class);
			}
		}
		// One of those counted may have been the one that asked for the count
		assertThat(reports).hasSizeGreaterThanOrEqualTo(REQUESTS - lost - 1).hasSizeLessThan(REQUESTS);
		assertThat(reports).containsOnly(reports.get(0));
		assertThat(reports.get(0)).contains("by=" + computers("two").get(1));
		assertThat(computers("two")).hasSize(2);
		try (HttpConnection survivor = cluster.connect(computers("two").get(1), 1).get(0)) {
			assertAnsweredWhileThePrimaryIsSilent();
			// That worker goes on without it for a while, in which the next one starts
			cluster.awaitSettled();
			cluster.await("the cache",
					() -> survivor.exchange("GET", "/report?name=two", "").body().equals(reports.get(0)));
		}
		int computed = computers("two").size();
		ClusterStatus after = cluster.awaitReload(cluster.reload("{\"strategy\":\"parallel\"}").id());
		assertThat(after.pids()).doesNotContainAnyElementsOf(before.pids());
		for (ClusterStatus.Worker worker : after.ready()) {
			try (HttpConnection connection = cluster.connect(worker.pid(), 1).get(0)) {
				assertThat(connection.exchange("GET", "/report?name=two", "").body()).isEqualTo(reports.get(0));
			}
		}
		assertThat(computers("two")).hasSize(computed);
	}

	private static void assertAnsweredWhileThePrimaryIsSilent() throws IOException {
		int computed = computers("two").size();
		cluster.signal("STOP");
		try {
			List<CompletableFuture<String>> answers = ask("two");
			assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(PATIENCE));
			assertThat(computers("two")).as("what could not be found").hasSizeGreaterThan(computed);
		}
		finally {
			cluster.signal("CONT");
		}
	}

	private static List<CompletableFuture<String>> ask(String name) {
		List<CompletableFuture<String>> answers = new ArrayList<>();
		for (int i = 0; i < REQUESTS; i++) {
			answers.add(CompletableFuture.supplyAsync(() -> {
				try {
					return get(name);
				}
				catch (IOException ex) {
					throw new CompletionException(ex);
				}
			}, clients));
		}
		return answers;
	}

	private static String get(String name) throws IOException {
		HttpReply reply = HttpReply.get(cluster.port(), "/report?name=" + name);
		assertThat(reply.status()).as(reply.body()).isEqualTo(200);
		return reply.body();
	}

	private static ClusterStatus awaitAllWaiting() {
		ClusterStatus status = cluster.await("all requests in flight")
			.until(cluster::status, (current) -> current.requestsInFlight() >= REQUESTS);
		assertThat(status.ready()).hasSize(2).allMatch((worker) -> worker.requestsInFlight() > 1);
		return status;
	}

	private static void end(String name) throws IOException {
		Files.createFile(directory.resolve(name + ".ends"));
	}

	private static List<Long> computers(String name) throws IOException {
		return Files.readAllLines(directory.resolve(name)).stream().map(Long::valueOf).toList();
	}

}
