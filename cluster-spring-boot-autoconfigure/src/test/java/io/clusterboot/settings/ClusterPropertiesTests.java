package io.clusterboot.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.Balance;
import io.clusterboot.contract.BusKind;
import io.clusterboot.contract.ReloadTraining;
import io.clusterboot.contract.UncaughtPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.unit.DataSize;

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
		assertThat(properties.getRespawn().getFailedDelay()).hasMinutes(1);
		assertThat(properties.getWorker().getStartTimeout()).hasSeconds(60);
		assertThat(properties.getWorker().getHangTimeout()).hasSeconds(60);
		assertThat(properties.getWorker().getStallTimeout()).hasSeconds(60);
		assertThat(properties.getWorker().getReplaceOnUncaught()).isEqualTo(UncaughtPolicy.ERROR);
		assertThat(properties.getWorker().getMaxMemory()).isNull();
		assertThat(properties.getWorker().getMaxRequests()).isNull();
		assertThat(properties.getWorker().getMaxLifetime()).isNull();
		assertThat(properties.getWorker().getSlowStart()).isZero();
		assertThat(properties.getWorker().getProcessors()).isNull();
		assertThat(properties.getWorker().getCommandPrefix()).isEmpty();
		assertThat(properties.getBalance()).isEqualTo(Balance.KERNEL);
		assertThat(properties.getSpares()).isZero();
		assertThat(properties.getWorker().getJvmArgs()).isEmpty();
		assertThat(properties.getPrimary().getJvmArgs()).isEmpty();
		assertThat(properties.getStaging().getDirectory()).isNull();
		assertThat(properties.getWarmUp().getRequests()).isEmpty();
		assertThat(properties.getWarmUp().getDuration()).hasSeconds(10);
		assertThat(properties.getWarmUp().getConcurrency()).isEqualTo(2);
		assertThat(properties.getWarmUp().isRequired()).isFalse();
	}

	@Test
	void getWhenRequestToWarmUpWithCouldChangeSomethingNamesIt() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", "cluster.warm-up.requests[0]", "/",
					"cluster.warm-up.requests[1]", "POST /owners")))
			.withMessageContaining("Property 'cluster.warm-up.requests' has the value 'POST /owners'")
			.withMessageContaining("in which 'POST /owners' is none");
	}

	@Test
	void getWhenValuesAreEmptyHasDefaults() {
		ClusterProperties properties = get(Map.of("cluster.workers", "2", "cluster.drain.timeout", "",
				"cluster.worker.jvm-args", "", "cluster.worker.max-memory", "", "cluster.worker.max-requests", "",
				"cluster.worker.max-lifetime", "", "cluster.worker.processors", "", "cluster.worker.command-prefix",
				""));
		assertThat(properties.getDrain().getTimeout()).hasSeconds(30);
		assertThat(properties.getWorker().getMaxMemory()).isNull();
		assertThat(properties.getWorker().getMaxRequests()).isNull();
		assertThat(properties.getWorker().getMaxLifetime()).isNull();
		assertThat(properties.getWorker().getProcessors()).isNull();
		assertThat(properties.getWorker().getCommandPrefix()).isEmpty();
		assertThat(properties.getWorker().getJvmArgs()).isEmpty();
	}

	@Test
	void getWhenEverythingIsSetBindsIt() {
		ClusterProperties properties = get(Map.ofEntries(Map.entry("cluster.workers", "2"),
				Map.entry("cluster.reload.strategy", "parallel"), Map.entry("cluster.reload.ready-timeout", "2m"),
				Map.entry("cluster.reload.max-surge", "0"), Map.entry("cluster.reload.max-unavailable", "2"),
				Map.entry("cluster.reload.pause", "5s"), Map.entry("cluster.reload.soak", "0"),
				Map.entry("cluster.reload.max-error-increase", "1"), Map.entry("cluster.reload.train", "before"),
				Map.entry("cluster.drain.timeout", "10s"), Map.entry("cluster.drain.close-timeout", "2m"),
				Map.entry("cluster.drain.keep-alive-grace", "0"), Map.entry("cluster.respawn.initial-delay", "1s"),
				Map.entry("cluster.respawn.max-delay", "1s"), Map.entry("cluster.respawn.stable-after", "0s"),
				Map.entry("cluster.respawn.failed-delay", "2m"), Map.entry("cluster.worker.start-timeout", "1500ms"),
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
		assertThat(properties.getDrain().getCloseTimeout()).hasMinutes(2);
		assertThat(properties.getDrain().getKeepAliveGrace()).isZero();
		assertThat(properties.getRespawn().getInitialDelay()).hasSeconds(1);
		assertThat(properties.getRespawn().getMaxDelay()).hasSeconds(1);
		assertThat(properties.getRespawn().getStableAfter()).isZero();
		assertThat(properties.getRespawn().getFailedDelay()).hasMinutes(2);
		assertThat(properties.getWorker().getStartTimeout()).isEqualTo(Duration.ofMillis(1500));
		assertThat(properties.getWorker().getJvmArgs()).containsExactly("-Xlog:gc*,safepoint", "-Xmx1g");
		assertThat(properties.getPrimary().getJvmArgs()).containsExactly("-Xmx32m");
		assertThat(properties.getStaging().getDirectory()).isEqualTo("/var/lib/app");
	}

	@Test
	void getWhenEverythingAboutSupervisionIsSetBindsIt() {
		ClusterProperties properties = get(Map.ofEntries(Map.entry("cluster.workers", "2"),
				Map.entry("cluster.balance", "least-loaded"), Map.entry("cluster.spares", "1"),
				Map.entry("cluster.worker.hang-timeout", "2s"), Map.entry("cluster.worker.stall-timeout", "0"),
				Map.entry("cluster.worker.replace-on-uncaught", "any"), Map.entry("cluster.worker.max-memory", "512MB"),
				Map.entry("cluster.worker.max-requests", "3000000000"), Map.entry("cluster.worker.max-lifetime", "12h"),
				Map.entry("cluster.worker.slow-start", "30s"), Map.entry("cluster.worker.processors", "1"),
				Map.entry("cluster.worker.command-prefix", "nice,-n,{slot}")));
		assertThat(properties.getBalance()).isEqualTo(Balance.LEAST_LOADED);
		assertThat(properties.getSpares()).isOne();
		ClusterProperties.Worker worker = properties.getWorker();
		assertThat(worker.getHangTimeout()).hasSeconds(2);
		assertThat(worker.getStallTimeout()).isZero();
		assertThat(worker.getReplaceOnUncaught()).isEqualTo(UncaughtPolicy.ANY);
		assertThat(worker.getMaxMemory()).isEqualTo(DataSize.ofMegabytes(512));
		assertThat(worker.getMaxRequests()).isEqualTo(3_000_000_000L);
		assertThat(worker.getMaxLifetime()).hasHours(12);
		assertThat(worker.getSlowStart()).hasSeconds(30);
		assertThat(worker.getProcessors()).isOne();
		assertThat(worker.getCommandPrefix()).containsExactly("nice", "-n", "{slot}");
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
			"cluster.drain.close-timeout,0s", "cluster.reload.pause,-1s", "cluster.reload.soak,-10s",
			"cluster.worker.start-timeout,-1ms", "cluster.drain.keep-alive-grace,-5s",
			"cluster.respawn.initial-delay,-1ms", "cluster.respawn.max-delay,-1s", "cluster.respawn.max-delay,50ms",
			"cluster.respawn.stable-after,-1s", "cluster.respawn.failed-delay,0s", "cluster.worker.hang-timeout,0s",
			"cluster.worker.hang-timeout,1999ms", "cluster.cache.time-to-live,0s", "cluster.worker.stall-timeout,-1s",
			"cluster.worker.max-lifetime,0s", "cluster.worker.max-lifetime,-1h", "cluster.worker.slow-start,-1s",
			"cluster.warm-up.duration,0s" })
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
	@CsvSource({ "cluster.reload.max-surge,-1,a number of workers", "cluster.max-workers,0,a number of workers",
			"cluster.reload.max-unavailable,-2,a number of workers",
			"cluster.reload.max-error-increase,-0.1,a share from 0 to 1",
			"cluster.reload.max-error-increase,5,a share from 0 to 1",
			"cluster.reload.max-error-increase,NaN,a share from 0 to 1", "cluster.spares,-1,a number of workers",
			"cluster.worker.max-memory,0B,a size greater than zero",
			"cluster.worker.max-memory,-1MB,a size greater than zero",
			"cluster.worker.max-requests,0,a number of requests", "cluster.worker.max-requests,-5,a number of requests",
			"cluster.worker.processors,0,a number of processors", "cluster.worker.processors,-2,a number of processors",
			"cluster.warm-up.concurrency,0,a number of requests", "cluster.messages.max-size,2MB,a size of more",
			"cluster.messages.max-size,0B,a size of more", "cluster.store.max-size,1025MB,a size of at most 1GB",
			"cluster.store.max-size,-1B,a size of at most 1GB" })
	void getWhenNumberIsOutOfRangeNamesIt(String name, String value, String allowed) {
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
	void getWhenThereAreMoreWorkersThanAllowedNamesBoth() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "5", "cluster.max-workers", "4")))
			.withMessage("Property 'cluster.workers' has the value '5' but must be a number of workers that "
					+ "'cluster.max-workers' allows, which is 4 or fewer");
		assertThat(get(Map.of("cluster.workers", "4", "cluster.max-workers", "4")).getMaxWorkers()).isEqualTo(4);
		assertThat(get(Map.of("cluster.workers", "off", "cluster.max-workers", "-1")).getWorkers()).isEqualTo("off");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.spares", "cluster.reload.max-surge" })
	void getWhenThereAreMoreWorkersBesidesThanAllowedNamesBoth(String name) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", "cluster.max-workers", "4", name, "5")))
			.withMessage("Property '" + name + "' has the value '5' but must be a number of workers that "
					+ "'cluster.max-workers' allows, which is 4 or fewer");
		assertThat(get(Map.of("cluster.workers", "2", "cluster.max-workers", "4", name, "4")).getMaxWorkers())
			.isEqualTo(4);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.spares", "cluster.reload.max-surge" })
	void checkOnMachineWhenThereIsNoOtherLimitRefusesMoreThanItAllows(String name) {
		Map<String, Object> many = Map.of("cluster.workers", "2", name, "2000000");
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(many).checkOnMachine(binder(many), 16))
			.withMessage("Property '" + name + "' has the value '2000000' but must be a number of workers that "
					+ "'cluster.max-workers' allows, which is 16 or fewer");
		Map<String, Object> wanted = Map.of("cluster.workers", "2", "cluster.max-workers", "20", name, "20");
		get(wanted).checkOnMachine(binder(wanted), 16);
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
	void getWhenHangTimeoutIsShorterThanTwoHeartbeatsSaysWhy() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", "cluster.worker.hang-timeout", "1s")))
			.withMessage("Property 'cluster.worker.hang-timeout' has the value '1s' but must be a duration of at least "
					+ "2s, because a worker gives a sign of life once a second");
	}

	@Test
	void getWhenCommandPrefixNamesNoCommandRefusesIt() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", "cluster.worker.command-prefix[0]", " ",
					"cluster.worker.command-prefix[1]", "-n")))
			.satisfies((ex) -> {
				assertThat(ex.getName()).isEqualTo("cluster.worker.command-prefix");
				assertThat(ex.getAllowed()).startsWith("a list that begins with the name of a command");
			});
	}

	@Test
	void getWhenBusNeedsALibraryThatIsNotThereNamesIt() {
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		Thread.currentThread().setContextClassLoader(new FilteredClassLoader("org.springframework.data.redis"));
		try {
			assertThatExceptionOfType(InvalidClusterPropertyException.class)
				.isThrownBy(() -> get(Map.of("cluster.bus", "redis")))
				.withMessage("Property 'cluster.bus' has the value 'redis' but must be 'primary' as long as "
						+ "'spring-boot-starter-data-redis' is not among the dependencies");
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
		assertThat(get(Map.of("cluster.bus", "redis")).getBus()).isEqualTo(BusKind.REDIS);
	}

	@ParameterizedTest
	@CsvSource({ "cluster.redis.name,{shop}", "cluster.redis.prefix,' '" })
	void getWhenPartOfAKeyCannotBeOneRefusesIt(String name, String value) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> get(Map.of("cluster.bus", "redis", name, value)))
			.satisfies((ex) -> assertThat(ex.getName()).isEqualTo(name));
	}

	@ParameterizedTest
	@CsvSource({ "cluster.drain.timeout,soon", "cluster.worker.max-memory,lots", "cluster.worker.max-requests,many",
			"cluster.worker.processors,1.5", "cluster.balance,fair", "cluster.scheduling,one", "cluster.bus,kafka",
			"cluster.worker.replace-on-uncaught,exception" })
	void getWhenValueHasAnotherTypeIsRefusedByBinding(String name, String value) {
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> get(Map.of("cluster.workers", "2", name, value)))
			.withMessageContaining(name);
	}

	private StandardEnvironment yaml(String yaml) throws IOException {
		StandardEnvironment environment = new StandardEnvironment();
		new YamlPropertySourceLoader().load("yaml", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.forEach(environment.getPropertySources()::addFirst);
		return environment;
	}

	private ClusterProperties get(Map<String, Object> properties) {
		return ClusterProperties.get(binder(properties));
	}

	private Binder binder(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		return Binder.get(environment);
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
