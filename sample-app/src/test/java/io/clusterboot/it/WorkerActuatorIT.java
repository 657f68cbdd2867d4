package io.clusterboot.it;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The actuator of one worker by way of any, and what one is told for all.
 */
class WorkerActuatorIT {

	private static final String WORKERS = "/actuator/cluster/workers/";

	private static final String HPROF = "JAVA PROFILE 1.0.";

	// Tag of the record that ends a dump
	private static final int HEAP_DUMP_END = 0x2c;

	private static final int RECORD_HEAD = 9;

	@TempDir
	private static Path directory;

	private static ClusterProcess shared;

	@BeforeAll
	static void start(TestInfo test) throws IOException {
		shared = new ClusterLauncher(test)
			.arguments("--management.endpoints.web.exposure.include=*", "--management.info.process.enabled=true",
					"--management.endpoint.heapdump.access=unrestricted")
			.start();
		shared.awaitSettled();
	}

	@AfterAll
	static void stop() {
		shared.close();
	}

	@Test
	void everyLinkOfTheIndexLeadsToThatWorker() {
		for (ClusterStatus.Worker worker : shared.awaitSettled().ready()) {
			String base = WORKERS + worker.slot();
			HttpReply index = shared.get(base);
			assertThat(index.status()).as(index.body()).isEqualTo(200);
			JsonNode links = new JsonMapper().readTree(index.body()).path("_links");
			assertThat(links.path("self").path("href").asString()).endsWith(base);
			for (String name : new String[] { "health", "metrics", "loggers", "threaddump", "env", "info" }) {
				String path = URI.create(links.path(name).path("href").asString()).getPath();
				assertThat(path).isEqualTo(base + "/" + name);
				HttpReply reply = shared.get(path);
				assertThat(reply.status()).as(path + reply.body()).isEqualTo(200);
			}
			assertThat(links.path("heapdump").path("href").asString()).endsWith(base + "/heapdump");
			assertThat(links.path("cluster").path("href").asString()).endsWith("/actuator/cluster");
			assertThat(shared.get(base + "/info").body()).contains("\"pid\":" + worker.pid() + ",");
			assertThat(shared.get(base + "/metrics/process.uptime?tag=no:such").status()).isEqualTo(404);
		}
	}

	@Test
	void heapDumpIsWhole() throws Exception {
		shared.awaitSettled();
		HttpResponse<Path> dump = HttpClient.newHttpClient()
			.send(HttpRequest
				.newBuilder(URI.create("http://localhost:%d%s1/heapdump".formatted(shared.port(), WORKERS)))
				.build(), HttpResponse.BodyHandlers.ofFile(directory.resolve("heap.hprof")));
		assertThat(dump.statusCode()).isEqualTo(200);
		assertThat(Files.size(dump.body())).isEqualTo(dump.headers().firstValueAsLong("Content-Length").orElse(-1))
			.isGreaterThan(1_000_000);
		try (RandomAccessFile file = new RandomAccessFile(dump.body().toFile(), "r")) {
			byte[] head = new byte[HPROF.length()];
			file.readFully(head);
			assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo(HPROF);
			file.seek(file.length() - RECORD_HEAD);
			assertThat(file.read()).isEqualTo(HEAP_DUMP_END);
			file.seek(file.length() - Integer.BYTES);
			assertThat(file.readInt()).as("length of the last record").isZero();
		}
	}

	@Test
	void workerThatIsStoppedIsToldSoWithinFiveSeconds() throws Exception {
		ClusterStatus status = shared.awaitSettled();
		try (HttpConnection connection = shared.connect(status.worker(0).pid(), 1).get(0)) {
			ClusterProcess.signal(status.worker(1).pid(), "STOP");
			long begin = System.nanoTime();
			HttpReply reply = connection.exchange("GET", WORKERS + "1/health", "");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
			assertThat(reply.status()).as(reply.body()).isEqualTo(504);
			assertThat(reply.body())
				.contains("worker %d of slot 1 has not answered within 3 s. It may hang or be stopped."
					.formatted(status.worker(1).id()));
			assertThat(connection.exchange("GET", WORKERS + "0/health", "").status()).isEqualTo(200);
			long requests = shared.status().worker(0).requests();
			connection.exchange("GET", "/", "");
			shared.await("news of it", () -> shared.status().worker(0).requests() > requests);
			// Or a canary would be judged by another worker that hangs
			assertThat(shared.status().worker(0).responses()).containsEntry("5xx", 0L);
		}
		finally {
			ClusterProcess.signal(status.worker(1).pid(), "CONT");
		}
	}

	@Test
	void whatIsNotThereIsSaidClearly() throws Exception {
		HttpReply slot = shared.get(WORKERS + "7/health");
		assertThat(slot.status()).isEqualTo(404);
		assertThat(slot.body()).isEqualTo("{\"reason\":\"There is no slot 7: they are 0 to 1.\"}");
		assertThat(shared.get(WORKERS + "0/no-such-endpoint").status()).isEqualTo(404);
		assertThat(shared.get(WORKERS + "0/cluster/workers/1/health").status()).isEqualTo(404);
		int sideDoor = Objects.requireNonNull(shared.awaitSettled().worker(0).sideDoor());
		assertThat(HttpReply.get(sideDoor, WORKERS + "1/health", Duration.ofSeconds(20)).status()).isEqualTo(403);
	}

	@Test
	void strangersReadNothing() throws Exception {
		shared.awaitSettled();
		try (HttpConnection proxied = new HttpConnection(shared.port())) {
			for (String path : new String[] { "0", "0/health", "1/env", "1/heapdump" }) {
				HttpReply reply = proxied.exchange("GET", WORKERS + path, "", "X-Forwarded-For: 192.0.2.1");
				assertThat(reply.status()).as(path).isEqualTo(403);
				assertThat(reply.body()).startsWith("{\"reason\":");
			}
		}
		Assumptions.assumeTrue(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "not root");
		Tool.assumeInstalled("setpriv", "curl");
		Tool stranger = Tool.tryRun("setpriv", "--reuid=65000", "--regid=65000", "--clear-groups", "curl", "-sS", "-w",
				" %{http_code}", "http://localhost:%d%s0/env".formatted(shared.port(), WORKERS));
		Assumptions.assumeTrue(stranger.exitCode() == 0, "no other user allowed");
		assertThat(stranger.output()).endsWith(" 403");
	}

	@Test
	void levelsOfLoggersAreThoseOfAllWorkersAndOfTheirSuccessors() {
		shared.awaitSettled();
		assertThat(set("/actuator/loggers/com.example.all", "\"DEBUG\"").status()).isEqualTo(204);
		assertThat(set(WORKERS + "0/loggers/com.example.one", "\"TRACE\"").status()).isEqualTo(204);
		assertThat(levels("com.example.all")).isEqualTo(Map.of(0, "DEBUG", 1, "DEBUG"));
		assertThat(levels("com.example.one")).isEqualTo(Map.of(0, "TRACE", 1, ""));
		ClusterStatus.Worker victim = shared.awaitSettled().worker(1);
		ClusterProcess.signal(victim.pid(), "KILL");
		shared.awaitIncident(victim.id());
		shared.awaitSettled();
		awaitLevels("com.example.all", "DEBUG");
		assertThat(set("/actuator/loggers/com.example.all", "null").status()).isEqualTo(204);
		assertThat(levels("com.example.all")).isEqualTo(Map.of(0, "", 1, ""));
		assertThat(set("/actuator/loggers/com.example.next", "\"WARN\"").status()).isEqualTo(204);
		shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
		awaitLevels("com.example.next", "WARN");
		assertThat(levels("com.example.all")).isEqualTo(Map.of(0, "", 1, ""));
	}

	private static HttpReply set(String path, String level) {
		return shared.post(path, "{\"configuredLevel\":%s}".formatted(level));
	}

	private static void awaitLevels(String logger, String level) {
		shared.await("level of " + logger, () -> levels(logger).equals(Map.of(0, level, 1, level)));
	}

	private static Map<Integer, String> levels(String logger) {
		return Map.of(0, level(0, logger), 1, level(1, logger));
	}

	private static String level(int slot, String logger) {
		HttpReply reply = shared.get(WORKERS + slot + "/loggers/" + logger);
		return (reply.status() == 200) ? new JsonMapper().readTree(reply.body()).path("configuredLevel").asString("")
				: "";
	}

}
