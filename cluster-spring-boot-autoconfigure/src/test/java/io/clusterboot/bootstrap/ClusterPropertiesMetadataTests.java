package io.clusterboot.bootstrap;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.clusterboot.settings.ClusterProperties;
import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for the configuration metadata, which is what an IDE shows to a user.
 */
class ClusterPropertiesMetadataTests {

	private final Map<String, Object> metadata = load();

	@Test
	void everyPropertyHasTypeAndDescription() {
		assertThat(properties()).hasSize(54).allSatisfy((property) -> {
			assertThat(property).containsKey("type");
			assertThat((String) property.get("description")).isNotBlank().endsWith(".").doesNotStartWith("The ");
		});
	}

	@Test
	void everyPropertyHasDocumentedDefault() {
		Map<String, Object> defaults = new TreeMap<>();
		properties().forEach((property) -> defaults.put((String) property.get("name"),
				(property.get("defaultValue") != null) ? property.get("defaultValue") : "none"));
		assertThat(defaults).containsExactly(entry("cluster.balance", "kernel"), entry("cluster.bus", "primary"),
				entry("cluster.cache.as-default", false), entry("cluster.cache.time-to-live", "1h"),
				entry("cluster.caches.evict", "none"), entry("cluster.control.directory", "none"),
				entry("cluster.control.enabled", true), entry("cluster.drain.close-timeout", "none"),
				entry("cluster.drain.keep-alive-grace", "5s"), entry("cluster.drain.timeout", "30s"),
				entry("cluster.max-workers", "none"), entry("cluster.messages.max-size", "1MB"),
				entry("cluster.metrics.enabled", true), entry("cluster.metrics.merge", "none"),
				entry("cluster.primary.jvm-args", "none"), entry("cluster.redis.name", "none"),
				entry("cluster.redis.prefix", "cluster"), entry("cluster.reload.max-error-increase", 0.05),
				entry("cluster.reload.max-surge", 1), entry("cluster.reload.max-unavailable", 0),
				entry("cluster.reload.pause", "0s"), entry("cluster.reload.ready-timeout", "60s"),
				entry("cluster.reload.soak", "10s"), entry("cluster.reload.strategy", "rolling"),
				entry("cluster.reload.train", "background"), entry("cluster.respawn.failed-delay", "1m"),
				entry("cluster.respawn.initial-delay", "100ms"), entry("cluster.respawn.max-delay", "15s"),
				entry("cluster.respawn.stable-after", "10s"), entry("cluster.scheduling", "each"),
				entry("cluster.session-format", "json"), entry("cluster.sessions", "primary"),
				entry("cluster.spares", 0), entry("cluster.staging.directory", "none"),
				entry("cluster.staging.enabled", true), entry("cluster.store.max-size", "16MB"),
				entry("cluster.warm-up.concurrency", 2), entry("cluster.warm-up.duration", "10s"),
				entry("cluster.warm-up.learn", false), entry("cluster.warm-up.requests", "none"),
				entry("cluster.warm-up.required", false), entry("cluster.worker.command-prefix", "none"),
				entry("cluster.worker.hang-timeout", "60s"), entry("cluster.worker.jvm-args", "none"),
				entry("cluster.worker.max-lifetime", "none"), entry("cluster.worker.max-memory", "none"),
				entry("cluster.worker.max-requests", "none"), entry("cluster.worker.parallel-starts", "none"),
				entry("cluster.worker.processors", "none"), entry("cluster.worker.replace-on-uncaught", "error"),
				entry("cluster.worker.slow-start", "0s"), entry("cluster.worker.stall-timeout", "60s"),
				entry("cluster.worker.start-timeout", "60s"), entry("cluster.workers", "off"));
	}

	@Test
	void workersAreHintedButNotRestricted() {
		Map<String, Object> hint = list(this.metadata, "hints").stream()
			.filter((candidate) -> "cluster.workers".equals(candidate.get("name")))
			.findFirst()
			.orElseThrow();
		assertThat(list(hint, "values")).extracting((value) -> value.get("value")).containsExactly("max", "off");
		assertThat(list(hint, "providers")).extracting((provider) -> provider.get("name")).containsExactly("any");
	}

	@Test
	void whatTheClusterTellsItsWorkersIsDescribed() {
		assertThat(list(this.metadata, "properties"))
			.filteredOn((property) -> String.valueOf(property.get("name")).startsWith("cluster.worker.")
					&& property.get("sourceType") == null)
			.allSatisfy((property) -> assertThat((String) property.get("description")).endsWith("to be read."))
			.extracting((property) -> property.get("name"))
			.containsExactlyInAnyOrder("cluster.worker.id", "cluster.worker.slot", "cluster.worker.name",
					"cluster.worker.offset", "cluster.worker.generation", "cluster.worker.port",
					"cluster.worker.directory");
	}

	static List<String> names() {
		return properties(load()).stream().map((property) -> (String) property.get("name")).toList();
	}

	private List<Map<String, Object>> properties() {
		return properties(this.metadata);
	}

	private static List<Map<String, Object>> properties(Map<String, Object> metadata) {
		return list(metadata, "properties").stream()
			.filter((property) -> String.valueOf(property.get("sourceType"))
				.startsWith(ClusterProperties.class.getName()))
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> list(Map<String, Object> object, String name) {
		return (List<Map<String, Object>>) object.get(name);
	}

	private static Map<String, Object> load() {
		try {
			ClassLoader classLoader = ClusterPropertiesMetadataTests.class.getClassLoader();
			for (URL url : Collections.list(classLoader.getResources("META-INF/spring-configuration-metadata.json"))) {
				try (InputStream stream = url.openStream()) {
					String json = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
					if (json.contains(ClusterProperties.class.getName())) {
						return JsonParserFactory.getJsonParser().parseMap(json);
					}
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		throw new IllegalStateException("No configuration metadata of the cluster");
	}

}
