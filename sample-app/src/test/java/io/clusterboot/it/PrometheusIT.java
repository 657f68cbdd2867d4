package io.clusterboot.it;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real Prometheus that scrapes a cluster whose workers come and go.
 */
@Tag("nightly")
class PrometheusIT {

	private static final Duration RUN = Duration.ofMinutes(2);

	private static final Pattern GROWS = Pattern.compile("[a-z_]+_(total|count|sum|bucket)");

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	@TempDir
	private static Path directory;

	private static ClusterProcess shared;

	private static @Nullable Process prometheus;

	private static int port;

	@BeforeAll
	static void start(TestInfo test) throws Exception {
		Tool.assumeInstalled("prometheus");
		shared = new ClusterLauncher(test).start();
		shared.awaitSettled();
		port = ClusterLauncher.freePort();
		Path configuration = directory.resolve("prometheus.yml");
		Files.writeString(configuration, """
				global: { scrape_interval: 1s, scrape_timeout: 1s }
				scrape_configs:
				  - job_name: sample
				    metrics_path: /actuator/prometheus
				    static_configs: [ { targets: [ "127.0.0.1:%d" ] } ]
				""".formatted(shared.port()));
		prometheus = new ProcessBuilder(Tool.find("prometheus").toString(), "--config.file=" + configuration,
				"--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
			.redirectErrorStream(true)
			.redirectOutput(directory.resolve("prometheus.log").toFile())
			.start();
	}

	@AfterAll
	static void stop() throws InterruptedException {
		if (prometheus != null) {
			prometheus.destroy();
			prometheus.waitFor();
		}
		if (shared != null) {
			shared.close();
		}
	}

	@Test
	void ratesHaveNoSpuriousResetOverReloadsAndKills() {
		shared.await("scrapes", () -> value("count_over_time(up[10s])") > 3);
		double before = value("sum(http_server_requests_seconds_count{uri='/'}) or vector(0)");
		Instant end = Instant.now().plus(RUN);
		Clients clients = Clients.connecting(shared.port(), "/", 4);
		int kills = 0;
		for (int round = 0; Instant.now().isBefore(end); round++) {
			if (round % 2 == 0) {
				shared.awaitReload(shared.reload("{\"strategy\":\"rolling\"}").id());
			}
			else {
				ClusterStatus.Worker victim = shared.awaitSettled().worker(round / 2 % 2);
				ClusterProcess.signal(victim.pid(), "KILL");
				kills++;
				shared.await("replacement")
					.until(shared::awaitSettled, (status) -> status.worker(victim.slot()).id() > victim.id());
			}
		}
		int broken = clients.stop().size();
		int answered = clients.succeeded();
		assertThat(kills).isGreaterThan(2);
		shared.await("the last scrape",
				() -> value("time() - max(timestamp(up))") < 2 && value("min_over_time(up[3m])") == 1);
		assertThat(counters()).hasSizeGreaterThan(20)
			.allSatisfy((name) -> assertThat(value("max(resets(%s[3m]))".formatted(name))).as(name).isZero());
		double counted = value("sum(http_server_requests_seconds_count{uri='/'})") - before;
		// What a victim had not told yet is lost: its last seconds, at most
		assertThat(counted).isBetween(answered * 0.8, (double) answered + broken);
		// Not above what was asked in any of its ten seconds
		assertThat(value("max_over_time(sum(rate(http_server_requests_seconds_count{uri='/'}[10s]))[2m:1s])"))
			.isLessThan(3.0 * answered / RUN.toSeconds());
		assertThat(value("count(count by (worker) (jvm_threads_live_threads))")).isEqualTo(2);
	}

	// A histogram of requests that are under way does not only grow
	private static List<String> counters() {
		return query("/api/v1/label/__name__/values").valueStream()
			.map(JsonNode::asString)
			.filter((name) -> GROWS.matcher(name).matches() && !name.contains("_active_seconds"))
			.toList();
	}

	private static double value(String query) {
		JsonNode result = query("/api/v1/query?query=" + URLEncoder.encode(query, StandardCharsets.UTF_8))
			.path("result");
		assertThat(result.size()).as(query + ": " + result).isLessThanOrEqualTo(1);
		return (result.size() == 1) ? result.get(0).get("value").get(1).asDouble() : Double.NaN;
	}

	private static JsonNode query(String path) {
		try {
			return MAPPER.readTree(HttpReply.get(port, path, Duration.ofSeconds(10)).body()).path("data");
		}
		catch (IOException ex) {
			// not up yet
			return MissingNode.getInstance();
		}
	}

}
