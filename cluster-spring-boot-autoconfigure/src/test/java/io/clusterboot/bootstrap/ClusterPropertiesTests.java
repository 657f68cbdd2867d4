package io.clusterboot.bootstrap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.ReloadTraining;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterProperties}.
 */
class ClusterPropertiesTests {

	@Test
	void getWhenNothingIsSetHasDocumentedDefaults() {
		ClusterProperties properties = get(Map.of());
		assertThat(properties.getWorkers()).isNull();
		assertThat(properties.getReload().getStrategy()).isEqualTo(ReloadStrategy.ROLLING);
		assertThat(properties.getReload().getReadyTimeout()).hasSeconds(60);
		assertThat(properties.getReload().getMaxSurge()).isOne();
		assertThat(properties.getReload().getMaxUnavailable()).isZero();
		assertThat(properties.getReload().getPause()).isZero();
		assertThat(properties.getReload().getSoak()).hasSeconds(10);
		assertThat(properties.getReload().getMaxErrorIncrease()).isEqualTo(0.05);
		assertThat(properties.getReload().getTrain()).isEqualTo(ReloadTraining.BACKGROUND);
		assertThat(properties.getDrain().getTimeout()).hasSeconds(30);
		assertThat(properties.getDrain().getKeepAliveGrace()).hasSeconds(5);
		assertThat(properties.getRespawn().getInitialDelay()).hasMillis(100);
		assertThat(properties.getRespawn().getMaxDelay()).hasSeconds(15);
		assertThat(properties.getRespawn().getStableAfter()).hasSeconds(10);
		assertThat(properties.getWorker().getStartTimeout()).hasSeconds(60);
		assertThat(properties.getWorker().getJvmArgs()).isEmpty();
		assertThat(properties.getPrimary().getJvmArgs()).isEmpty();
		assertThat(properties.getStaging().getDirectory()).isNull();
	}

	@Test
	void getWhenValuesAreEmptyHasDefaults() {
		ClusterProperties properties = get(
				Map.of("cluster.workers", "2", "cluster.drain.timeout", "", "cluster.worker.jvm-args", ""));
		assertThat(properties.getDrain().getTimeout()).hasSeconds(30);
		assertThat(properties.getWorker().getJvmArgs()).isEmpty();
	}

	@Test
	void getWhenEverythingIsSetBindsIt() {
		ClusterProperties properties = get(Map.ofEntries(Map.entry("cluster.workers", "2"),
				Map.entry("cluster.reload.strategy", "parallel"), Map.entry("cluster.reload.ready-timeout", "2m"),
				Map.entry("cluster.reload.max-surge", "0"), Map.entry("cluster.reload.max-unavailable", "2"),
				Map.entry("cluster.reload.pause", "5s"), Map.entry("cluster.reload.soak", "0"),
				Map.entry("cluster.reload.max-error-increase", "1"), Map.entry("cluster.reload.train", "before"),
				Map.entry("cluster.drain.timeout", "10s"), Map.entry("cluster.drain.keep-alive-grace", "0"),
				Map.entry("cluster.respawn.initial-delay", "1s"), Map.entry("cluster.respawn.max-delay", "1s"),
				Map.entry("cluster.respawn.stable-after", "0s"), Map.entry("cluster.worker.start-timeout", "1500ms"),
				Map.entry("cluster.worker.jvm-args[0]", "-Xlog:gc*,safepoint"),
				Map.entry("cluster.worker.jvm-args[1]", "-Xmx1g"), Map.entry("cluster.primary.jvm-args", "-Xmx32m"),
				Map.entry("cluster.staging.directory", "/var/lib/app")));
		assertThat(properties.getWorkers()).isEqualTo("2");
		assertThat(properties.getReload().getStrategy()).isEqualTo(ReloadStrategy.PARALLEL);
		assertThat(properties.getReload().getReadyTimeout()).hasMinutes(2);
		assertThat(properties.getReload().getMaxSurge()).isZero();
		assertThat(properties.getReload().getMaxUnavailable()).isEqualTo(2);
		assertThat(properties.getReload().getPause()).hasSeconds(5);
		assertThat(properties.getReload().getSoak()).isZero();
		assertThat(properties.getReload().getMaxErrorIncrease()).isOne();
		assertThat(properties.getReload().getTrain()).isEqualTo(ReloadTraining.BEFORE);
		assertThat(properties.getDrain().getTimeout()).hasSeconds(10);
		assertThat(properties.getDrain().getKeepAliveGrace()).isZero();
		assertThat(properties.getRespawn().getInitialDelay()).hasSeconds(1);
		assertThat(properties.getRespawn().getMaxDelay()).hasSeconds(1);
		assertThat(properties.getRespawn().getStableAfter()).isZero();
		assertThat(properties.getWorker().getStartTimeout()).isEqualTo(Duration.ofMillis(1500));
		assertThat(properties.getWorker().getJvmArgs()).containsExactly("-Xlog:gc*,safepoint", "-Xmx1g");
		assertThat(properties.getPrimary().getJvmArgs()).containsExactly("-Xmx32m");
		assertThat(properties.getStaging().getDirectory()).isEqualTo("/var/lib/app");
	}

	@Test
	void getWhenProcessIsWorkerIgnoresItsVariables() {
		ClusterProperties properties = get(
				environmentOf(Map.of("CLUSTER_WORKERS", "3", "CLUSTER_WORKER_ID", "7", "CLUSTER_WORKER_SLOT", "0",
						"CLUSTER_WORKER_GENERATION", "1", "CLUSTER_PRIMARY_PID", "42", "CLUSTER_DRAIN_TIMEOUT", "9s")));
		assertThat(properties.getWorkers()).isEqualTo("3");
		assertThat(properties.getDrain().getTimeout()).hasSeconds(9);
		assertThat(properties.getWorker().getStartTimeout()).hasSeconds(60);
	}

	@Test
	void getWhenKubernetesServiceIsNamedClusterIgnoresItsVariables() {
		ClusterProperties properties = get(
				environmentOf(Map.of("CLUSTER_PORT", "tcp://10.0.0.1:80", "CLUSTER_SERVICE_HOST", "10.0.0.1",
						"CLUSTER_WORKERS_PORT", "tcp://10.0.0.2:80", "CLUSTER_PRIMARY_SERVICE_PORT", "80")));
		assertThat(properties.getWorkers()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "off,0", "OFF,0", "0,0", "4,4", "'\"off\"',0", "-100000,1" })
	void getWhenWorkersComeFromYamlReadsThemAsWritten(String written, int expected) throws IOException {
		StandardEnvironment environment = yaml("cluster:\n  workers: " + written + "\n");
		assertThat(WorkerCount.parse(get(environment).getWorkers()).count()).isEqualTo(expected);
	}

	@ParameterizedTest
	@CsvSource({ "off,OFF", "OFF,OFF", "'\"off\"',OFF", "background,BACKGROUND", "before,BEFORE" })
	void getWhenTrainComesFromYamlReadsItAsWritten(String written, ReloadTraining expected) throws IOException {
		StandardEnvironment environment = yaml("cluster:\n  workers: 2\n  reload:\n    train: " + written + "\n");
		assertThat(get(environment).getReload().getTrain()).isEqualTo(expected);
	}

	@Test
	void getWhenWorkersAreNotAllowedNamesValueAndOrigin() throws IOException {
		StandardEnvironment environment = yaml("cluster:\n  workers: many\n");
		assertThatExceptionOfType(InvalidClusterPropertyException.class).isThrownBy(() -> get(environment))
			.satisfies((ex) -> {
				assertThat(ex.getValue()).isEqualTo("many");
				assertThat(ex.getOrigin()).asString().contains("2:12");
			});
	}

	@ParameterizedTest
	@CsvSource({ "cluster.reload.ready-timeout,0s", "cluster.reload.ready-timeout,-1s", "cluster.drain.timeout,0",
			"cluster.reload.pause,-1s", "cluster.reload.soak,-10s", "cluster.worker.start-timeout,-1ms",
			"cluster.drain.keep-alive-grace,-5s", "cluster.respawn.initial-delay,-1ms", "cluster.respawn.max-delay,-1s",
			"cluster.respawn.max-delay,50ms", "cluster.respawn.stable-after,-1s" })
	void getWhenDurationMakesNoSenseNamesIt(String name, String value) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", name, value)))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo(name);
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getAllowed()).startsWith("a duration");
				assertThat(ex.getOrigin()).asString().contains(name);
			});
	}

	@ParameterizedTest
	@CsvSource({ "cluster.reload.max-surge,-1,a number of workers",
			"cluster.reload.max-unavailable,-2,a number of workers",
			"cluster.reload.max-error-increase,-0.1,a share from 0 to 1",
			"cluster.reload.max-error-increase,5,a share from 0 to 1",
			"cluster.reload.max-error-increase,NaN,a share from 0 to 1" })
	void getWhenNumberOfReloadIsOutOfRangeNamesIt(String name, String value, String allowed) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", name, value)))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo(name);
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getAllowed()).startsWith(allowed);
				assertThat(ex.getOrigin()).asString().contains(name);
			});
	}

	@Test
	void getWhenNeitherSurgeNorUnavailableIsAllowedNamesBoth() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", "cluster.reload.max-surge", "0")))
			.withMessage("Property 'cluster.reload.max-surge' has the value '0' but must be 1 or more where "
					+ "'cluster.reload.max-unavailable' is 0, else no worker could be replaced");
		assertThat(get(
				Map.of("cluster.workers", "2", "cluster.reload.max-surge", "0", "cluster.reload.max-unavailable", "1"))
			.getReload()
			.getMaxSurge()).isZero();
	}

	@Test
	void getWhenInitialDelayExceedsMaxDelayOfDefaultsNamesBoth() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", "cluster.respawn.initial-delay", "20s")))
			.satisfies((ex) -> {
				assertThat(ex).hasMessageContaining("cluster.respawn.max-delay")
					.hasMessageContaining("cluster.respawn.initial-delay")
					.hasMessageContaining("15000ms")
					.hasMessageContaining("which is 20s");
				assertThat(ex.getOrigin()).isNull();
			});
	}

	@Test
	void getWhenClusterIsOffChecksNothing() {
		assertThat(get(Map.of("cluster.workers", "off", "cluster.drain.timeout", "-1s")).getWorkers()).isEqualTo("off");
		assertThat(get(Map.of("cluster.drain.timeout", "-1s")).getWorkers()).isNull();
	}

	@Test
	void getWhenDurationIsNoDurationIsRefusedByBinding() {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", "cluster.drain.timeout", "soon")))
			.withMessageContaining("cluster.drain.timeout");
	}

	private StandardEnvironment yaml(String yaml) throws IOException {
		StandardEnvironment environment = new StandardEnvironment();
		new YamlPropertySourceLoader().load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.forEach(environment.getPropertySources()::addFirst);
		return environment;
	}

	private ClusterProperties get(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		return get(environment);
	}

	private ClusterProperties get(StandardEnvironment environment) {
		return ClusterProperties.get(Binder.get(environment));
	}

	private StandardEnvironment environmentOf(Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
		environment.getPropertySources().replace(name, new SystemEnvironmentPropertySource(name, variables));
		return environment;
	}

}
