package io.clusterboot.metrics;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import io.clusterboot.contract.MetricMerge;
import io.clusterboot.numbers.Ledger;
import io.clusterboot.numbers.Totals;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.StateSet;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Disassembly}, {@link MergeRules} and {@link Assembly}: what workers
 * count, on its way through the primary to Prometheus.
 */
class MetricsTests {

	private static final Pattern SAMPLE = Pattern
		.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{.*\\})? (NaN|[-+]?Inf|[-+0-9.eE]+)");

	private final Map<String, MetricMerge> configured = new HashMap<>();

	private final Totals totals = new Totals();

	private final Worker one = new Worker(1, 0);

	private final Worker two = new Worker(2, 1);

	@Test
	void countersAreAddedUp() {
		this.one.meters.counter("orders", "kind", "new").increment(3);
		this.two.meters.counter("orders", "kind", "new").increment(4);
		this.two.meters.counter("orders", "kind", "old").increment();
		assertThat(scrape()).contains("orders_total{kind=\"new\"} 7.0", "orders_total{kind=\"old\"} 1.0",
				"# TYPE orders_total counter");
		this.totals.left(1);
		assertThat(scrape()).contains("orders_total{kind=\"new\"} 7.0");
	}

	@Test
	void timersAreAddedUpAndTheirMaximumIsTheLargest() {
		this.one.meters.timer("http.server.requests", "uri", "/").record(Duration.ofMillis(500));
		this.two.meters.timer("http.server.requests", "uri", "/").record(Duration.ofMillis(250));
		assertThat(scrape()).contains("http_server_requests_seconds_count{uri=\"/\"} 2",
				"http_server_requests_seconds_sum{uri=\"/\"} 0.75", "http_server_requests_seconds_max{uri=\"/\"} 0.5");
	}

	@Test
	void bucketsOfHistogramsAreAddedUp() {
		for (Worker worker : List.of(this.one, this.two)) {
			Timer timer = Timer.builder("work")
				.serviceLevelObjectives(Duration.ofMillis(100), Duration.ofSeconds(1))
				.register(worker.meters);
			timer.record(50, TimeUnit.MILLISECONDS);
			timer.record(500, TimeUnit.MILLISECONDS);
			timer.record(5, TimeUnit.SECONDS);
		}
		assertThat(scrape()).contains("work_seconds_bucket{le=\"0.1\"} 2", "work_seconds_bucket{le=\"1.0\"} 4",
				"work_seconds_bucket{le=\"+Inf\"} 6", "work_seconds_count 6", "work_seconds_sum 11.1");
	}

	@Test
	void quantilesAreOfEachWorker() {
		for (Worker worker : List.of(this.one, this.two)) {
			Timer.builder("work").publishPercentiles(0.5).register(worker.meters).record(Duration.ofMillis(100));
		}
		assertThat(scrape()).containsPattern("work_seconds\\{worker=\"0\",quantile=\"0.5\"} 0.09")
			.containsPattern("work_seconds\\{worker=\"1\",quantile=\"0.5\"} 0.09")
			.contains("work_seconds_count 2")
			.doesNotContain("work_seconds_count{worker");
	}

	@Test
	void tasksThatRunAreOfTheLiving() {
		LongTaskTimer.Sample first = LongTaskTimer.builder("import").register(this.one.meters).start();
		LongTaskTimer.builder("import").register(this.two.meters).start();
		assertThat(scrape()).containsPattern("import_active_seconds_count 2|import_seconds_count 2");
		first.stop();
		assertThat(scrape()).containsPattern("import_active_seconds_count 1|import_seconds_count 1");
		this.totals.left(2);
		this.two.gone = true;
		assertThat(scrape()).containsPattern("import_active_seconds_count 0|import_seconds_count 0");
	}

	@Test
	void gaugesAreOfEachWorkerOrOfTheMachine() {
		this.one.meters.gauge("jvm.memory.used", 10);
		this.two.meters.gauge("jvm.memory.used", 20);
		this.one.meters.gauge("queue.length", 1);
		this.two.meters.gauge("queue.length", 2);
		this.one.meters.gauge("system.load.average.1m", 3);
		this.two.meters.gauge("system.load.average.1m", 4);
		this.one.meters.gauge("hikaricp.connections.max", 10);
		assertThat(scrape()).contains("jvm_memory_used{worker=\"0\"} 10.0", "jvm_memory_used{worker=\"1\"} 20.0",
				"queue_length{worker=\"0\"} 1.0", "queue_length{worker=\"1\"} 2.0", "\nsystem_load_average_1m 4.0",
				"hikaricp_connections_max{worker=\"0\"} 10.0");
	}

	@Test
	void labelOfThatNameIsKeptUnderAnother() {
		this.one.meters.gauge("queue.length", List.of(Tag.of("worker", "mine")), 1);
		assertThat(scrape()).contains("queue_length{exported_worker=\"mine\",worker=\"0\"} 1.0");
	}

	@Test
	void spareIsNotInWhatIsOfEachWorker() {
		Worker spare = new Worker(3, -1);
		spare.meters.gauge("jvm.memory.used", 10);
		spare.meters.counter("orders").increment();
		assertThat(scrape(spare)).contains("orders_total 1.0").doesNotContain("jvm_memory_used");
	}

	@Test
	void userSaysWhatBecomesOfAMetricUnderEitherName() {
		this.configured.put("http.server.requests", MetricMerge.WORKER);
		this.configured.put("queue_length_jobs", MetricMerge.SUM);
		this.configured.put("orders_total", MetricMerge.OMIT);
		this.configured.put("jvm.memoryUsed", MetricMerge.MIN);
		for (Worker worker : List.of(this.one, this.two)) {
			worker.meters.timer("http.server.requests").record(Duration.ofMillis(500));
			Gauge.builder("queue.length", () -> 5).baseUnit("jobs").register(worker.meters);
			worker.meters.counter("orders").increment();
			worker.meters.gauge("jvm.memory.used", worker.id);
		}
		String text = scrape();
		assertThat(text)
			.contains("http_server_requests_seconds_count{worker=\"0\"} 1",
					"http_server_requests_seconds_max{worker=\"1\"} 0.5", "\nqueue_length_jobs 10.0",
					"\njvm_memory_used 1.0")
			.doesNotContain("orders_total");
		this.totals.left(1);
		this.one.gone = true;
		assertThat(scrape()).contains("http_server_requests_seconds_count{worker=\"0\"} 1", "\nqueue_length_jobs 5.0",
				"\njvm_memory_used 2.0");
	}

	@Test
	void otherKindsThanThoseOfMicrometerAreKept() {
		Info.builder()
			.name("build_info")
			.labelNames("version")
			.register(this.one.meters.getPrometheusRegistry())
			.addLabelValues("1.0");
		StateSet.builder()
			.name("circuit")
			.states("open", "closed")
			.register(this.one.meters.getPrometheusRegistry())
			.setTrue("open");
		Histogram.builder()
			.name("fine")
			.nativeOnly()
			.withoutExemplars()
			.register(this.one.meters.getPrometheusRegistry())
			.observe(3);
		this.one.meters.getPrometheusRegistry()
			.register(() -> UnknownSnapshot.builder()
				.name("whatever")
				.dataPoint(UnknownSnapshot.UnknownDataPointSnapshot.builder().value(2).build())
				.build());
		this.one.meters.getPrometheusRegistry()
			.register(() -> HistogramSnapshot.builder()
				.name("waiting")
				.gaugeHistogram(true)
				.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
					.classicHistogramBuckets(ClassicHistogramBuckets.of(new double[] { 1, Double.POSITIVE_INFINITY },
							new long[] { 2, 3 }))
					.sum(4)
					.build())
				.build());
		assertThat(scrape()).contains("build_info{version=\"1.0\"} 1", "circuit{worker=\"0\",circuit=\"open\"} 1",
				"circuit{worker=\"0\",circuit=\"closed\"} 0", "fine_bucket{le=\"+Inf\"} 1", "fine_sum 3.0",
				"whatever{worker=\"0\"} 2.0", "waiting_bucket{le=\"1.0\"} 2", "waiting_gcount 5");
	}

	@Test
	void metricThatIsAnotherInTheNextGenerationIsWhatItIsNow() {
		this.one.meters.counter("things").increment();
		scrape();
		this.two.meters.getPrometheusRegistry()
			.register(() -> GaugeSnapshot.builder()
				.name("things")
				.dataPoint(GaugeSnapshot.GaugeDataPointSnapshot.builder().value(7).labels(Labels.of("a", "b")).build())
				.build());
		assertThat(scrape()).contains("# TYPE things gauge", "things{a=\"b\",worker=\"1\"} 7.0");
	}

	@Test
	void exactTextSurvives() {
		this.one.meters.counter("odd", "text", "a \"quoted\" \\ line\nand ä € 漢").increment();
		assertThat(scrape()).contains("odd_total{text=\"a \\\"quoted\\\" \\\\ line\\nand ä € 漢\"} 1.0");
	}

	private String scrape() {
		return scrape(this.one, this.two);
	}

	private String scrape(Worker... workers) {
		try {
			for (Worker worker : workers) {
				worker.report();
			}
			MetricSnapshots.Builder metrics = MetricSnapshots.builder();
			Assembly.of(Totals.read(this.totals.pages(Set.of()))).forEach(metrics::metricSnapshot);
			ByteArrayOutputStream text = new ByteArrayOutputStream();
			PrometheusTextFormatWriter.create().write(text, metrics.build());
			ByteArrayOutputStream open = new ByteArrayOutputStream();
			OpenMetricsTextFormatWriter.create().write(open, metrics.build());
			assertIsClean(text.toString(StandardCharsets.UTF_8));
			assertThat(open.toString(StandardCharsets.UTF_8)).endsWith("# EOF\n");
			assertIsClean(open.toString(StandardCharsets.UTF_8));
			return text.toString(StandardCharsets.UTF_8) + open.toString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertIsClean(String text) {
		Set<String> series = new HashSet<>();
		text.lines().filter((line) -> !line.startsWith("#")).forEach((line) -> {
			assertThat(line).matches(SAMPLE);
			assertThat(series.add(line.substring(0, line.lastIndexOf(' ')))).as("%s is there once", line).isTrue();
		});
		Set<String> types = new HashSet<>();
		text.lines()
			.filter((line) -> line.startsWith("# TYPE "))
			.forEach((line) -> assertThat(types.add(line.split(" ")[2])).as("%s is there once", line).isTrue());
	}

	private final class Worker {

		private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

		private final Ledger ledger = new Ledger();

		private final int id;

		private final int slot;

		private @Nullable Disassembly disassembly;

		private boolean gone;

		Worker(int id, int slot) {
			this.id = id;
			this.slot = slot;
		}

		void report() throws IOException {
			if (this.disassembly == null) {
				this.disassembly = new Disassembly(new MergeRules(MetricsTests.this.configured, this.meters),
						() -> this.slot);
			}
			if (!this.gone) {
				for (ByteBuffer frame : this.ledger
					.changes(this.disassembly.of(this.meters.getPrometheusRegistry().scrape()))) {
					MetricsTests.this.totals.report(this.id, frame);
				}
			}
		}

	}

}
