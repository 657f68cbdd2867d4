package io.clusterboot.it;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What Prometheus is told, whichever worker it reaches.
 */
@Tag("alone")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MetricsIT {

	private static final String PATH = "/actuator/prometheus";

	private static final Pattern REQUESTS = Pattern.compile("http_server_requests_seconds_count\\{.*uri=\"/\".*}");

	private static final Pattern GROWS = Pattern.compile("[a-z_]+_(total|count|sum|bucket)(\\{.*)?");

	private static final Pattern UNBOUNDED = Pattern.compile("[{,](pid|worker_id|generation|instance)=");

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
	@Order(1)
	void requestsAreCountedExactlyOverReloads() throws IOException {
		shared.await("both workers", () -> reported(scrape()).size() == 2);
		int series = scrape().size();
		int answered;
		try (Clients clients = Clients.connecting(shared.port(), "/", 4)) {
			shared.awaitReload(shared.reload("{\"strategy\":\"rolling\"}").id());
			shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
			shared.awaitReload(shared.reload("{\"strategy\":\"parallel\"}").id());
			clients.assertNoneFailed();
			answered = clients.succeeded();
		}
		Map<String, Double> scrape = scrape();
		assertThat(requests(scrape)).isEqualTo(answered);
		assertThat(scrape).containsEntry("cluster_reload_duration_seconds_count{status=\"succeeded\"}", 3.0)
			.containsEntry("cluster_workers{state=\"ready\"}", 2.0)
			.containsEntry("cluster_worker_drains_total", 6.0);
		assertThat(reported(scrape)).containsExactlyInAnyOrder("{worker=\"0\"}", "{worker=\"1\"}");
		assertThat(scrape.keySet()).noneMatch((name) -> UNBOUNDED.matcher(name).find())
			.hasSizeLessThan(series + series / 2);
	}

	@Test
	@Order(2)
	void nothingThatGrowsEverGetsLess() {
		double before = requests(scrape());
		Map<String, Double> last = new LinkedHashMap<>();
		AtomicInteger scrapes = new AtomicInteger();
		Clients clients = Clients.connecting(shared.port(), "/", 4);
		for (int i = 0; i < Nightly.orElse(5, 2); i++) {
			ClusterStatus.Worker victim = shared.awaitSettled().worker(i % 2);
			ClusterProcess.signal(victim.pid(), "KILL");
			shared.await("replacement").until(() -> {
				assertNoneGotLess(last);
				scrapes.incrementAndGet();
				ClusterStatus status = shared.status();
				return status.isSettled() && status.worker(victim.slot()).id() > victim.id();
			});
		}
		List<String> broken = clients.stop();
		assertThat(scrapes.get()).isGreaterThan(10);
		// What the victims had not told yet is lost
		assertThat(requests(scrape())).isBetween(before + clients.succeeded() / 2.0,
				before + clients.succeeded() + broken.size());
	}

	@Test
	@Order(3)
	void stoppedWorkerDelaysNoScrapeAndIsShownAsItWas() throws IOException {
		ClusterStatus status = shared.awaitSettled();
		shared.await("both workers", () -> reported(scrape()).size() == 2);
		try (HttpConnection connection = shared.connect(status.worker(0).pid(), 1).get(0)) {
			Map<String, Double> before = scrape();
			ClusterProcess.signal(status.worker(1).pid(), "STOP");
			try {
				Duration slowest = Duration.ZERO;
				Map<String, Double> scrape = Map.of();
				for (int i = 0; i < 20; i++) {
					long start = System.nanoTime();
					scrape = parse(connection.exchange("GET", PATH, ""));
					Duration took = Duration.ofNanos(System.nanoTime() - start);
					slowest = (took.compareTo(slowest) > 0) ? took : slowest;
				}
				assertThat(slowest).isLessThan(Duration.ofSeconds(1));
				assertThat(scrape.get("cluster_worker_report_age_seconds{worker=\"1\"}")).isGreaterThan(2);
				assertThat(scrape.get("cluster_worker_report_age_seconds{worker=\"0\"}")).isLessThan(1);
				assertThat(requests(scrape)).isGreaterThanOrEqualTo(requests(before));
				assertThat(scrape).containsKey("jvm_threads_live_threads{worker=\"1\"}");
				assertNewConnectionsDoNotWait();
			}
			finally {
				ClusterProcess.signal(status.worker(1).pid(), "CONT");
			}
		}
		shared.await("news of it", () -> scrape().get("cluster_worker_report_age_seconds{worker=\"1\"}") < 1);
	}

	@Test
	@Order(4)
	void openMetricsIsComplete() throws IOException {
		try (HttpConnection connection = new HttpConnection(shared.port())) {
			HttpReply reply = connection.exchange("GET", PATH, "",
					"Accept: application/openmetrics-text;version=1.0.0");
			assertThat(reply.headers().get("Content-Type")).startsWith("application/openmetrics-text");
			assertThat(reply.body()).endsWith("# EOF\n");
		}
	}

	@Test
	@Order(5)
	void scrapeWhenThePrimaryDoesNotAnswerIs503WithReason() {
		shared.signal("STOP");
		try {
			HttpReply reply = shared.get(PATH);
			assertThat(reply.status()).isEqualTo(503);
			assertThat(reply.body()).contains("primary");
		}
		finally {
			shared.signal("CONT");
		}
		shared.await("answer", () -> shared.get(PATH).status() == 200);
	}

	@Test
	@Order(6)
	void primaryIsStillSmall() throws IOException {
		assertThat(shared.residentKilobytes()).isLessThanOrEqualTo(ClusterProcess.PRIMARY_LIMIT);
	}

	// Nobody knows that it is stopped in the first three seconds
	private static void assertNewConnectionsDoNotWait() {
		shared.awaitOutput("is not heard for 3 s: others get its connections");
		for (int i = 0; i < 20; i++) {
			long start = System.nanoTime();
			scrape();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));
		}
	}

	private static void assertNoneGotLess(Map<String, Double> last) {
		scrape().forEach((name, value) -> {
			if (GROWS.matcher(name).matches() && !name.contains("_active_seconds")) {
				assertThat(value).as(name).isGreaterThanOrEqualTo(last.getOrDefault(name, 0.0));
				last.put(name, value);
			}
		});
	}

	private static double requests(Map<String, Double> scrape) {
		return scrape.entrySet()
			.stream()
			.filter((entry) -> REQUESTS.matcher(entry.getKey()).matches())
			.mapToDouble(Map.Entry::getValue)
			.sum();
	}

	private static List<String> reported(Map<String, Double> scrape) {
		String name = "cluster_worker_report_age_seconds";
		return scrape.keySet()
			.stream()
			.filter((key) -> key.startsWith(name))
			.map((key) -> key.substring(name.length()))
			.toList();
	}

	private static Map<String, Double> scrape() {
		return parse(shared.get(PATH));
	}

	private static Map<String, Double> parse(HttpReply reply) {
		assertThat(reply.status()).as(reply.body()).isEqualTo(200);
		Map<String, Double> scrape = new LinkedHashMap<>();
		reply.body().lines().filter((line) -> !line.startsWith("#")).forEach((line) -> {
			int end = line.lastIndexOf(' ');
			assertThat(scrape.put(line.substring(0, end), Double.valueOf(line.substring(end + 1)))).as(line).isNull();
		});
		return scrape;
	}

}
