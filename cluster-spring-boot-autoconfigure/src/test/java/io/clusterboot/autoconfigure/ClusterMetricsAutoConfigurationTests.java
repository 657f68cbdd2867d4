package io.clusterboot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentCause;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.ReloadStatus;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Tally;
import io.clusterboot.metrics.ClusterScrapeEndpoint;
import io.clusterboot.numbers.Ledger;
import io.clusterboot.numbers.Series;
import io.clusterboot.numbers.Totals;
import io.clusterboot.worker.RemoteCluster;
import io.clusterboot.worker.Reporting;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterMetricsAutoConfiguration}.
 */
class ClusterMetricsAutoConfigurationTests {

	private final Reporting reporting = Mockito.mock();

	private final RemoteCluster cluster = Mockito.mock();

	private final WebApplicationContextRunner plain = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				MetricsAutoConfiguration.class, PrometheusMetricsExportAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, ClusterMetricsAutoConfiguration.class))
		.withPropertyValues("management.endpoints.web.exposure.include=*");

	private final WebApplicationContextRunner worker = this.plain.withInitializer(Workers.joining(this.cluster));

	ClusterMetricsAutoConfigurationTests() {
		BDDMockito.given(this.cluster.reporting()).willReturn(this.reporting);
	}

	@Test
	void workerHasTheEndpointOfTheCluster() {
		this.worker.run((context) -> {
			assertThat(context).hasSingleBean(PrometheusScrapeEndpoint.class)
				.hasSingleBean(ClusterScrapeEndpoint.class);
			assertThat(context.getBean(WebEndpointsSupplier.class).getEndpoints())
				.filteredOn((endpoint) -> endpoint.getEndpointId().equals(EndpointId.of("prometheus")))
				.singleElement()
				.satisfies((endpoint) -> assertThat(endpoint.getOperations()).hasSize(1));
			Mockito.verify(this.reporting).begin(ArgumentMatchers.any());
		});
	}

	@Test
	void lazyWorkerReportsAllTheSame() {
		this.worker.withPropertyValues("spring.main.lazy-initialization=true")
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> Mockito.verify(this.reporting).begin(ArgumentMatchers.any()));
	}

	@Test
	void anyOtherApplicationHasTheEndpointOfSpringBoot() {
		this.plain.run((context) -> assertThat(context).hasSingleBean(PrometheusScrapeEndpoint.class)
			.doesNotHaveBean(ClusterScrapeEndpoint.class));
	}

	@Test
	void endpointOfTheApplicationWins() {
		this.worker.withUserConfiguration(OwnEndpoint.class)
			.run((context) -> assertThat(context).hasSingleBean(PrometheusScrapeEndpoint.class)
				.doesNotHaveBean(ClusterScrapeEndpoint.class));
	}

	@Test
	void workerThatExposesNoneHasNone() {
		this.worker.withPropertyValues("management.endpoints.web.exposure.include=health").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(PrometheusScrapeEndpoint.class);
			Mockito.verifyNoInteractions(this.reporting);
		});
	}

	@Test
	void workerThatIsToTellOfItselfDoes() {
		this.worker.withPropertyValues("cluster.metrics.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(PrometheusScrapeEndpoint.class)
				.doesNotHaveBean(ClusterScrapeEndpoint.class));
	}

	@Test
	void workerWithoutTheRegistryHasNone() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterMetricsAutoConfiguration.class))
			.withInitializer(Workers.joining(this.cluster))
			.withClassLoader(new FilteredClassLoader("io.micrometer.prometheusmetrics", "io.prometheus"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("prometheusEndpoint"));
	}

	@Test
	void scrapeSaysWhatThePrimarySays() {
		this.worker.withPropertyValues("cluster.metrics.merge.orders=worker").run((context) -> {
			context.getBean(MeterRegistry.class).counter("orders").increment(3);
			context.getBean(MeterRegistry.class).counter("visits").increment(2);
			Reply.Numbers page = page(reported());
			BDDMockito.given(this.cluster.numbers(ArgumentMatchers.any())).willReturn(List.of(page));
			BDDMockito.given(this.cluster.tally(ArgumentMatchers.any()))
				.willReturn(new Reply.Tally(1, snapshot(), tally()));
			ClusterScrapeEndpoint endpoint = context.getBean(ClusterScrapeEndpoint.class);
			assertThat(text(endpoint.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null))).contains(
					"\norders_total{worker=\"0\"} 3.0", "\nvisits_total 2.0", "cluster_workers{state=\"ready\"} 1.0",
					"cluster_workers{state=\"parked\"} 0.0", "cluster_workers_target 2.0", "cluster_generation 3.0",
					"cluster_worker_restarts_total{cause=\"signal\"} 4.0",
					"cluster_reload_duration_seconds_count{status=\"rolled-back\"} 1",
					"cluster_reload_duration_seconds_sum{status=\"rolled-back\"} 2.5",
					"cluster_worker_start_duration_seconds_count 1", "cluster_worker_drains_total 5.0",
					"cluster_worker_cut_requests_total 6.0", "cluster_worker_report_age_seconds{worker=\"2\"} 1.5",
					"cluster_metrics_dropped_series 8.0", "cluster_store_entries 7.0", "cluster_store_bytes 8192.0",
					"cluster_store_max_bytes 16384.0", "cluster_store_evictions_total 3.0",
					"cluster_store_refusals_total 2.0");
			assertThat(text(endpoint.scrape(PrometheusOutputFormat.CONTENT_TYPE_OPENMETRICS_100, null)))
				.contains("orders_total{worker=\"0\"} 3.0")
				.endsWith("# EOF\n");
			assertThat(text(endpoint.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, Set.of("visits_total", "visits"))))
				.contains("visits_total 2.0")
				.doesNotContain("orders");
		});
	}

	@Test
	void scrapeWhenThePrimaryDoesNotAnswerSaysSo() {
		BDDMockito.given(this.cluster.numbers(ArgumentMatchers.any()))
			.willThrow(new PrimaryUnavailableException("The primary did not answer within 1 s", null));
		this.worker.run((context) -> {
			WebEndpointResponse<byte[]> response = context.getBean(ClusterScrapeEndpoint.class)
				.scrape(PrometheusOutputFormat.CONTENT_TYPE_004, null);
			assertThat(response.getStatus()).isEqualTo(503);
			assertThat(text(response)).isEqualTo("The primary did not answer within 1 s");
		});
	}

	private Map<Series, Double> reported() {
		ArgumentCaptor<Supplier<Map<Series, Double>>> source = ArgumentCaptor.captor();
		Mockito.verify(this.reporting).begin(source.capture());
		return source.getValue().get();
	}

	private static Reply.Numbers page(Map<Series, Double> numbers) throws IOException {
		Totals totals = new Totals();
		totals.report(1, new Ledger().changes(numbers).get(0));
		return new Reply.Numbers(1, true, totals.pages(Set.of()).get(0), Map.of(7, Duration.ofMillis(1500)), 8);
	}

	private static ClusterSnapshot snapshot() {
		WorkerSnapshot worker = new WorkerSnapshot(7, 2, 4242, 3, WorkerState.READY, Instant.EPOCH, null, 0, 0,
				WorkerMetrics.NONE);
		return new ClusterSnapshot(ClusterState.RUNNING,
				new PrimarySnapshot(1, Instant.EPOCH, new PrimarySnapshot.Store(7, 8192, 16384, 3, 2)), 8080, 2, 3,
				List.of(worker), List.of(), List.of(), null, null);
	}

	private static Tally tally() {
		return new Tally(Map.of(IncidentCause.SIGNAL, 4L),
				Map.of(ReloadStatus.ROLLED_BACK, Tally.Times.NONE.plus(Duration.ofMillis(2500))),
				Tally.Times.NONE.plus(Duration.ofSeconds(3)), 5, 6);
	}

	private static String text(WebEndpointResponse<byte[]> response) {
		return new String(response.getBody(), StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnEndpoint {

		@Bean
		PrometheusScrapeEndpoint prometheusEndpoint(PrometheusRegistry registry) {
			return new PrometheusScrapeEndpoint(registry, null);
		}

	}

}
