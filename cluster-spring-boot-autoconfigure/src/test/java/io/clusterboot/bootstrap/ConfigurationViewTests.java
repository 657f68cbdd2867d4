package io.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link ConfigurationView}.
 */
class ConfigurationViewTests {

	private static final Map<String, Object> CONFIGURED = Map.of("server.port", "9090", "cluster.workers", "3",
			"cluster.reload.max-surge", "2", "cluster.worker.jvm-args[0]", "-Da=b", "cluster.worker.jvm-args[1]",
			"-Dc=d");

	@TempDir
	private Path directory;

	@Test
	void ofWhenNothingIsSetHasDefaults() {
		assertThat(launcher(Map.of())).containsOnly(entry("server.port", "8080"), entry("server.address", ""),
				entry("server.tomcat.accept-count", "1024"), entry("cluster.workers", "0"),
				entry("cluster.max-workers", "0"), entry("cluster.reload.strategy", "rolling"),
				entry("cluster.reload.ready-timeout", "PT1M"), entry("cluster.reload.max-surge", "1"),
				entry("cluster.reload.max-unavailable", "0"), entry("cluster.reload.pause", "PT0S"),
				entry("cluster.reload.soak", "PT10S"), entry("cluster.reload.max-error-increase", "0.05"),
				entry("cluster.reload.train", "background"), entry("cluster.drain.timeout", "PT30S"),
				entry("cluster.drain.close-timeout", "PT30S"), entry("cluster.drain.keep-alive-grace", "PT5S"),
				entry("cluster.respawn.initial-delay", "PT0.1S"), entry("cluster.respawn.max-delay", "PT15S"),
				entry("cluster.respawn.stable-after", "PT10S"), entry("cluster.respawn.failed-delay", "PT1M"),
				entry("cluster.worker.start-timeout", "PT1M"), entry("cluster.worker.parallel-starts", "0"),
				entry("cluster.worker.hang-timeout", "PT1M"), entry("cluster.worker.stall-timeout", "PT1M"),
				entry("cluster.worker.replace-on-uncaught", "error"), entry("cluster.worker.max-memory", "0"),
				entry("cluster.worker.max-requests", "0"), entry("cluster.worker.max-lifetime", "PT0S"),
				entry("cluster.worker.slow-start", "PT0S"), entry("cluster.worker.processors", ""),
				entry("cluster.worker.command-prefix", ""), entry("cluster.balance", "kernel"),
				entry("cluster.scheduling", "each"), entry("cluster.messages.max-size", "1048576"),
				entry("cluster.sessions", "primary"), entry("cluster.session-format", "json"),
				entry("cluster.store.max-size", "16777216"), entry("cluster.caches.evict", "none"),
				entry("cluster.cache.time-to-live", "PT1H"), entry("cluster.cache.as-default", "false"),
				entry("cluster.bus", "primary"), entry("cluster.redis.name", ""),
				entry("cluster.redis.prefix", "cluster"), entry("cluster.metrics.enabled", "true"),
				entry("cluster.metrics.merge", ""), entry("cluster.spares", "0"), entry("cluster.worker.jvm-args", ""),
				entry("cluster.primary.jvm-args", ""), entry("cluster.staging.enabled", "true"),
				entry("cluster.staging.directory", ""), entry("cluster.control.enabled", "true"),
				entry("cluster.control.directory", ""), entry("cluster.warm-up.requests", ""),
				entry("cluster.warm-up.duration", "PT10S"), entry("cluster.warm-up.concurrency", "2"),
				entry("cluster.warm-up.required", "false"), entry("cluster.warm-up.learn", "false"));
	}

	@Test
	void ofWhenNothingIsSaidAboutTheEndAllowsWhatSpringBootWould() {
		Map<String, Object> properties = Map.of("spring.lifecycle.timeout-per-shutdown-phase", "2m",
				"spring.task.execution.shutdown.await-termination-period", "90s",
				"spring.task.scheduling.shutdown.await-termination-period", "1s");
		assertThat(launcher(properties)).containsEntry("cluster.drain.close-timeout", "PT3M31S");
		assertThat(launcher(
				Map.of("spring.lifecycle.timeout-per-shutdown-phase", "2m", "cluster.drain.close-timeout", "5s")))
			.containsEntry("cluster.drain.close-timeout", "PT5S");
	}

	@Test
	void ofSaysWhatBecomesOfWhichMetric() {
		assertThat(launcher(
				Map.of("cluster.metrics.merge.http.server.requests", "worker", "cluster.metrics.merge.orders", "MAX")))
			.containsEntry("cluster.metrics.merge", "http.server.requests=worker orders=max");
	}

	@Test
	void ofNamesEveryProperty() {
		assertThat(launcher(Map.of()).keySet().stream().filter((name) -> name.startsWith("cluster.")))
			.containsExactlyInAnyOrderElementsOf(ClusterPropertiesMetadataTests.names());
	}

	@ParameterizedTest
	@CsvSource({ "server.port,0,0", "server.port,' 9090 ',9090", "server.port,'',8080", "server.address,'',''",
			"server.address,localhost,localhost", "server.tomcat.acceptCount,7,7", "server.tomcat.accept-count,'',1024",
			"cluster.workers,3,3", "cluster.workers,off,0", "cluster.reload.STRATEGY,Parallel,parallel",
			"cluster.reload.maxSurge,2,2", "cluster.drain.timeout,2m,PT2M", "cluster.drain.timeout,120s,PT2M",
			"cluster.reload.train,false,off", "cluster.worker.jvm-args,'-Xmx1g,-Da=b',-Xmx1g -Da=b",
			"cluster.worker.jvmArgs[0],-Xmx1g,-Xmx1g", "cluster.worker.max-memory,1KB,1024",
			"cluster.worker.max-memory,1048576,1048576", "cluster.worker.max-requests,500,500",
			"cluster.worker.max-lifetime,120s,PT2M", "cluster.worker.hang-timeout,2000,PT2S",
			"cluster.worker.slow-start,1m,PT1M", "cluster.worker.replaceOnUncaught,NONE,none",
			"cluster.balance,leastLoaded,least-loaded", "cluster.balance,SOURCE_IP,source-ip", "cluster.spares,2,2",
			"cluster.worker.processors,' 2 ',2", "cluster.worker.processors,'',''",
			"cluster.worker.commandPrefix,'nice,-n,5',nice -n 5", "cluster.staging.enabled,no,false",
			"cluster.staging.directory,/var/app,/var/app", "cluster.control.directory,/run/app,/run/app",
			"cluster.staging.directory,'',''" })
	void ofHasOneFormForAllWaysToWriteAValue(String name, String written, String canonical) {
		String key = name.replaceAll("\\[0]", "").replaceAll("([A-Z]+)", "-$1").toLowerCase();
		key = key.replace("reload.-", "reload.");
		assertThat(launcher(Map.of(name, written))).containsEntry(key, canonical);
	}

	@Test
	void workerSeesWhatWasConfiguredAndNotWhatThePrimaryDecided() {
		Map<String, Object> properties = Map.of("cluster.workers", "2", "server.port", "0", "cluster.drain.timeout",
				"9s", "my.port", "${server.port}", "cluster.staging.directory", "/var/${my.port}");
		assertThat(worker(properties)).isEqualTo(launcher(properties))
			.containsEntry("server.port", "0")
			.containsEntry("cluster.staging.directory", "/var/0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "${random.int[1024,9999]}", "${my.random}", "${PID}", "1${cluster.worker.slot}",
			"1${CLUSTER_WORKER_SLOT:0}", "${cluster.worker.name}", "${spring.application.pid}",
			"${random.missing:8081}", "${MY_PORT}", "${my-port}" })
	void placeholdersThatDifferFromProcessToProcessDoNotMakeADifference(String port) {
		Map<String, Object> properties = Map.of("cluster.workers", "2", "server.port", port, "my.random",
				"${random.value}", "MY_PORT", "9090", "my-port", "9091", "cluster.worker.jvm-args[0]", "-Dport=" + port,
				"cluster.staging.directory", "/tmp/" + port);
		Map<String, String> view = launcher(properties);
		assertThat(worker(properties)).isEqualTo(view);
		assertThat(launcher(properties)).isEqualTo(view);
	}

	@Test
	void placeholderOfRandomValueIsShownAsWritten() {
		assertThat(launcher(Map.of("server.port", "${random.int[1024,9999]}"))).containsEntry("server.port",
				"${random.int[1024,9999]}");
	}

	@Test
	void placeholderOfPropertyThatChangedIsSeen() {
		assertThat(launcher(Map.of("server.port", "${my.port}", "my.port", "9090"))).containsEntry("server.port",
				"9090");
	}

	@ParameterizedTest
	@CsvSource({ "cluster.worker.jvm-args,-XX:ActiveProcessorCount=1", "cluster.worker.processors,1",
			"cluster.worker.command-prefix,'taskset,1'" })
	void workersWhenTheyAreToldTheirProcessorsAreNotCountedByThem(String name, String value) {
		Map<String, Object> properties = new HashMap<>(Map.of("cluster.workers", "max", name, value));
		assertThat(launcher(properties)).containsKey("cluster.workers");
		assertThat(worker(properties)).doesNotContainKey("cluster.workers");
		properties.put("cluster.workers", "3");
		assertThat(worker(properties)).containsEntry("cluster.workers", "3");
		properties.put("cluster.workers", "off");
		assertThat(worker(properties)).containsEntry("cluster.workers", "0");
	}

	@ParameterizedTest
	@ValueSource(strings = { "command line", "properties", "yaml", "profile", "import", "defaults", "variables",
			"system properties" })
	void launcherAndWorkerAgreeHoweverItIsConfigured(String way) throws IOException {
		Map<String, String> launcher = run(way, (environment) -> {
		});
		Map<String, String> worker = run(way, WorkerEnvironments::join);
		assertThat(worker).isEqualTo(launcher);
		assertThat(launcher).containsEntry("server.port", "9090")
			.containsEntry("cluster.workers", "3")
			.containsEntry("cluster.reload.max-surge", "2")
			.containsEntry("cluster.worker.jvm-args", "-Da=b -Dc=d");
	}

	private Map<String, String> run(String way, Consumer<ConfigurableEnvironment> role) throws IOException {
		SpringApplication application = new SpringApplication(Config.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setLogStartupInfo(false);
		application.setBannerMode(Banner.Mode.OFF);
		AtomicReference<Map<String, String>> view = new AtomicReference<>();
		application.addListeners(new Viewer((environment) -> {
			if (way.equals("variables")) {
				replaceVariables(environment, Map.of("SERVER_PORT", "9090", "CLUSTER_WORKERS", "3",
						"CLUSTER_RELOAD_MAXSURGE", "2", "CLUSTER_WORKER_JVMARGS", "-Da=b,-Dc=d"));
			}
			role.accept(environment);
			view.set(ConfigurationView.of(environment));
			// The rest of the run is not of interest
			environment.getPropertySources().remove("clusterWorker");
		}));
		try {
			application.run(configure(way, application)).close();
		}
		finally {
			CONFIGURED.keySet().forEach(System::clearProperty);
		}
		return view.get();
	}

	private String[] configure(String way, SpringApplication application) throws IOException {
		switch (way) {
			case "command line" -> {
				return CONFIGURED.entrySet()
					.stream()
					.map((property) -> "--" + property.getKey() + "=" + property.getValue())
					.toArray(String[]::new);
			}
			case "properties" -> write("application.properties", CONFIGURED);
			case "yaml" -> Files.writeString(this.directory.resolve("application.yml"), """
					server.port: 9090
					cluster:
					  workers: 3
					  reload.maxSurge: 2
					  worker.jvm-args: [ -Da=b, -Dc=d ]
					""");
			case "profile" -> {
				write("application.properties", Map.of("cluster.workers", "1", "spring.profiles.active", "prod"));
				write("application-prod.properties", CONFIGURED);
			}
			case "import" -> {
				write("application.properties", Map.of("spring.config.import", "more.properties"));
				write("more.properties", CONFIGURED);
			}
			case "defaults" -> application.setDefaultProperties(CONFIGURED);
			case "system properties" -> CONFIGURED.forEach((name, value) -> System.setProperty(name, value.toString()));
			default -> {
			}
		}
		return new String[] { "--spring.config.location=file:" + this.directory + "/" };
	}

	private void write(String name, Map<String, Object> properties) throws IOException {
		StringBuilder text = new StringBuilder();
		properties.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
		Files.writeString(this.directory.resolve(name), text);
	}

	private static Map<String, String> launcher(Map<String, Object> properties) {
		return ConfigurationView.of(environment(properties, "100"));
	}

	private static Map<String, String> worker(Map<String, Object> properties) {
		StandardEnvironment environment = environment(properties, "200");
		WorkerEnvironments.join(environment);
		return ConfigurationView.of(environment);
	}

	private static StandardEnvironment environment(Map<String, Object> properties, String pid) {
		StandardEnvironment environment = new StandardEnvironment();
		replaceVariables(environment, Map.of());
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		environment.getPropertySources()
			.addLast(new MapPropertySource("process", Map.of("PID", pid, "spring.application.pid", pid)));
		environment.getPropertySources().addLast(new RandomValuePropertySource());
		return environment;
	}

	private static void replaceVariables(ConfigurableEnvironment environment, Map<String, Object> variables) {
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
	}

	/**
	 * Looks when everybody else has prepared the environment.
	 */
	private record Viewer(Consumer<ConfigurableEnvironment> consumer)
			implements
				ApplicationListener<ApplicationEnvironmentPreparedEvent>,
				Ordered {

		@Override
		public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
			this.consumer.accept(event.getEnvironment());
		}

		@Override
		public int getOrder() {
			return LOWEST_PRECEDENCE;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Config {

	}

}
