package io.clusterboot.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.contract.MetricMerge;
import io.clusterboot.worker.RemoteCluster;
import io.micrometer.core.instrument.MeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusOutputFormat;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.util.MimeTypeUtils;

/**
 * The endpoint that Prometheus scrapes, where it is to hear of the whole cluster
 * whichever worker it reaches. It writes as Spring Boot's own does.
 */
@WebEndpoint(id = "prometheus")
public final class ClusterScrapeEndpoint extends PrometheusScrapeEndpoint {

	/**
	 * Create the endpoint, and begin to tell the primary what this worker counts.
	 * @param cluster asks the primary
	 * @param registry what this worker counts
	 * @param meters the same, before it was given the names that Prometheus wants
	 * @param merge what becomes of a metric that several workers have, where the user
	 * says so
	 * @param exposition the properties of Prometheus's own writers, or {@code null}
	 */
	public ClusterScrapeEndpoint(RemoteCluster cluster, PrometheusRegistry registry, MeterRegistry meters,
			Map<String, MetricMerge> merge, @Nullable Properties exposition) {
		super(new MergedRegistry(cluster), exposition);
		Disassembly disassembly = new Disassembly(new MergeRules(merge, meters), cluster::slot);
		cluster.reporting().begin(() -> disassembly.of(registry.scrape()));
	}

	@ReadOperation(producesFrom = PrometheusOutputFormat.class)
	@Override
	public WebEndpointResponse<byte[]> scrape(PrometheusOutputFormat format, @Nullable Set<String> includedNames) {
		try {
			return super.scrape(format, includedNames);
		}
		catch (PrimaryUnavailableException ex) {
			// What this worker alone has counted would look as if counters went back
			return new WebEndpointResponse<>(String.valueOf(ex.getMessage()).getBytes(StandardCharsets.UTF_8),
					WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE, MimeTypeUtils.TEXT_PLAIN);
		}
	}

}
