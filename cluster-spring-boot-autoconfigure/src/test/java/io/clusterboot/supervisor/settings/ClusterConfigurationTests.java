package io.clusterboot.supervisor.settings;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.bootstrap.ConfigurationViews;
import io.clusterboot.contract.Balance;
import io.clusterboot.contract.ReloadTraining;
import io.clusterboot.supervisor.Configurations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ClusterConfiguration}.
 */
class ClusterConfigurationTests {

	private final ClusterConfiguration configuration = Configurations.of(2);

	@Test
	void settingsAreReadFromTheirCanonicalForm() {
		SupervisorSettings settings = Configurations
			.of(3, "server.tomcat.accept-count", "7", "cluster.reload.strategy", "parallel",
					"cluster.reload.ready-timeout", "PT2M", "cluster.reload.max-surge", "0",
					"cluster.reload.max-unavailable", "2", "cluster.reload.pause", "PT1S", "cluster.reload.soak",
					"PT3S", "cluster.reload.max-error-increase", "0.5", "cluster.reload.train", "before")
			.settings();
		assertThat(settings.workers()).isEqualTo(3);
		assertThat(settings.backlog()).isEqualTo(7);
		assertThat(settings.reload()).isEqualTo(new SupervisorSettings.Reload(ReloadStrategy.PARALLEL,
				Duration.ofMinutes(2), 0, 2, Duration.ofSeconds(1), Duration.ofSeconds(3), 0.5, ReloadTraining.BEFORE));
		assertThat(settings.startTimeout()).hasMinutes(1);
		assertThat(settings.drainTimeout()).hasSeconds(30);
		assertThat(settings.closeTimeout()).hasSeconds(30);
		assertThat(settings.keepAliveGrace()).hasSeconds(5);
		assertThat(settings.respawnInitialDelay()).hasMillis(100);
		assertThat(settings.respawnMaxDelay()).hasSeconds(15);
		assertThat(settings.respawnStableAfter()).hasSeconds(10);
		assertThat(settings.respawnFailedDelay()).hasMinutes(1);
	}

	@Test
	void settingsOfTheViewOfDefaultsAreTheDefaults() {
		SupervisorSettings settings = new ClusterConfiguration(ConfigurationViews.of(Map.of("cluster.workers", "3",
				"cluster.max-workers", "1000", "cluster.worker.parallel-starts", "1000")))
			.settings();
		assertThat(settings)
			.isEqualTo(Configurations
				.of(3, "cluster.worker.hang-timeout", "PT1M", "cluster.reload.soak", "PT10S", "cluster.reload.train",
						"background")
				.settings());
	}

	@Test
	void settingsOfAViewAreWhatTheUserWrote() {
		SupervisorSettings settings = new ClusterConfiguration(ConfigurationViews
			.of(Map.ofEntries(Map.entry("cluster.workers", "5"), Map.entry("cluster.max-workers", "6"),
					Map.entry("server.tomcat.accept-count", "50"), Map.entry("cluster.reload.strategy", "parallel"),
					Map.entry("cluster.reload.ready-timeout", "2m"), Map.entry("cluster.reload.max-surge", "4"),
					Map.entry("cluster.reload.max-unavailable", "3"), Map.entry("cluster.reload.pause", "1500ms"),
					Map.entry("cluster.reload.soak", "1m"), Map.entry("cluster.reload.max-error-increase", "0.25"),
					Map.entry("cluster.reload.train", "off"), Map.entry("cluster.worker.start-timeout", "3m"),
					Map.entry("cluster.worker.parallel-starts", "8"), Map.entry("cluster.drain.timeout", "1h"),
					Map.entry("cluster.drain.close-timeout", "4m"), Map.entry("cluster.drain.keep-alive-grace", "0"),
					Map.entry("cluster.respawn.initial-delay", "1ns"), Map.entry("cluster.respawn.max-delay", "1d"),
					Map.entry("cluster.respawn.stable-after", "7"), Map.entry("cluster.respawn.failed-delay", "90s"))))
			.settings();
		assertThat(settings).isEqualTo(new SupervisorSettings(5, 6, 50,
				new SupervisorSettings.Reload(ReloadStrategy.PARALLEL, Duration.ofMinutes(2), 4, 3,
						Duration.ofMillis(1500), Duration.ofMinutes(1), 0.25, ReloadTraining.OFF),
				new SupervisorSettings.Worker(Duration.ofMinutes(1), 0, 0, Duration.ZERO, Duration.ZERO),
				Balance.KERNEL, 0, Duration.ofMinutes(3), 8, Duration.ofHours(1), Duration.ofMinutes(4), Duration.ZERO,
				Duration.ofNanos(1), Duration.ofDays(1), Duration.ofMillis(7), Duration.ofSeconds(90)));
	}

	@Test
	void settingsWhenPropertyIsMissingNamesIt() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ClusterConfiguration(Map.of()).settings())
			.withMessage("'cluster.workers' is missing");
	}

	@Test
	void refusalWhenNothingChangedIsNull() {
		assertThat(this.configuration.refusal(Configurations.of(2))).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "cluster.workers,5", "server.tomcat.accept-count,10", "cluster.reload.strategy,parallel",
			"cluster.reload.max-surge,3", "cluster.drain.timeout,PT1S", "cluster.respawn.max-delay,PT1M" })
	void refusalWhenPropertyMayChangeIsNull(String name, String value) {
		ClusterConfiguration other = Configurations.of(2, name, value);
		assertThat(this.configuration.refusal(other)).isNull();
		assertThat(this.configuration.changedBy(other).settings()).isEqualTo(other.settings())
			.isNotEqualTo(this.configuration.settings());
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			server.port,                9090,      '8080'
			server.address,             127.0.0.1, all addresses
			cluster.bus,                redis,     'primary'
			cluster.redis.name,         shop,      the application's name
			cluster.redis.prefix,       other,     'cluster'
			cluster.staging.enabled,    false,     'true'
			cluster.staging.directory,  /var/app,  the directory for temporary files
			cluster.control.enabled,    false,     'true'
			cluster.store.max-size,     0,         '16777216'
			cluster.control.directory,  /run/app,  the user's directory for sockets
			""")
	void refusalWhenPropertyIsFixedNamesItWithBothValues(String name, String value, String byDefault) {
		ClusterConfiguration other = Configurations.of(2, name, value);
		assertThat(this.configuration.refusal(other)).isEqualTo(
				"'%s' was changed from %s to '%s', which needs a restart of the cluster", name, byDefault, value);
		assertThat(other.refusal(this.configuration)).isEqualTo(
				"'%s' was changed from '%s' to %s, which needs a restart of the cluster", name, value, byDefault);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.worker.jvm-args", "cluster.primary.jvm-args", "cluster.worker.command-prefix" })
	void refusalWhenPropertyCanHaveSecretsNamesItWithoutValues(String name) {
		ClusterConfiguration other = Configurations.of(2, name, "-Dpassword=secret");
		assertThat(this.configuration.refusal(other))
			.isEqualTo("'%s' was changed, which needs a restart of the cluster", name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "00", "-1" })
	void refusalWhenThereWouldBeNoWorkersSaysSo(String workers) {
		assertThat(this.configuration.refusal(Configurations.of(2, "cluster.workers", workers)))
			.contains("cluster.workers");
	}

	@Test
	void refusalWhenClusterIsTurnedOffSaysSo() {
		assertThat(this.configuration.refusal(Configurations.of(0)))
			.isEqualTo("'cluster.workers' turns the cluster off, which needs a restart");
		assertThat(this.configuration.refusal(Configurations.of(0, "server.port", "9090"))).contains("cluster.workers");
	}

	@Test
	void refusalWhenThereWouldBeTooManyWorkersNamesTheLimit() {
		assertThat(this.configuration.refusal(Configurations.of(1001)))
			.isEqualTo("1001 workers are more than 'cluster.max-workers' allows, which is 1000");
		assertThat(this.configuration.refusal(Configurations.of(3, "cluster.max-workers", "2")))
			.isEqualTo("3 workers are more than 'cluster.max-workers' allows, which is 2");
		assertThat(this.configuration.refusal(Configurations.of(1001, "cluster.max-workers", "1001"))).isNull();
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.spares", "cluster.reload.max-surge" })
	void refusalWhenThereWouldBeTooManyWorkersBesidesNamesTheLimit(String name) {
		assertThat(this.configuration.refusal(Configurations.of(2, "cluster.max-workers", "4", name, "4"))).isNull();
		assertThat(this.configuration.refusal(Configurations.of(2, "cluster.max-workers", "4", name, "5")))
			.isEqualTo("'" + name + "' is 5 but must be from 0 to 4, which 'cluster.max-workers' allows");
		assertThat(this.configuration.refusal(Configurations.of(2, name, "-1")))
			.isEqualTo("'" + name + "' is -1 but must be from 0 to 1000, which 'cluster.max-workers' allows");
	}

	@Test
	void limitThatIsTakenAwayIsThatOfTheMachineAgain() {
		ClusterConfiguration limited = Configurations.of(2, "cluster.max-workers", "2");
		Map<String, String> view = new HashMap<>(Configurations.of(2).properties());
		view.remove("machine.max-workers");
		assertThat(limited.settings().maxWorkers()).isEqualTo(2);
		assertThat(limited.changedBy(new ClusterConfiguration(view)).settings().maxWorkers()).isEqualTo(1000);
	}

	@Test
	void olderLibraryThatKnowsLessChangesOnlyWhatItKnows() {
		ClusterConfiguration older = new ClusterConfiguration(
				Map.of("server.port", "8080", "cluster.drain.timeout", "PT1S"));
		assertThat(this.configuration.refusal(older)).isNull();
		SupervisorSettings settings = this.configuration.changedBy(older).settings();
		assertThat(settings.workers()).isEqualTo(2);
		assertThat(settings.drainTimeout()).hasSeconds(1);
	}

	@Test
	void newerLibraryThatKnowsMoreIsUnderstood() {
		ClusterConfiguration newer = Configurations.of(3, "cluster.balance", "least-loaded");
		assertThat(this.configuration.refusal(newer)).isNull();
		assertThat(this.configuration.changedBy(newer).settings().workers()).isEqualTo(3);
	}

	@ParameterizedTest
	@CsvSource({ "cluster.reload.strategy,sideways", "cluster.drain.timeout,a while", "cluster.workers,many",
			"cluster.reload.max-error-increase,little" })
	void refusalWhenNewerLibraryMeansSomethingElseNamesIt(String name, String value) {
		assertThat(this.configuration.refusal(Configurations.of(2, name, value)))
			.startsWith("'%s' has the value '%s', which the version".formatted(name, value));
	}

	@Test
	void changedByKeepsWhatWasKnownBefore() {
		ClusterConfiguration changed = this.configuration
			.changedBy(new ClusterConfiguration(Map.of("cluster.workers", "4")))
			.changedBy(new ClusterConfiguration(Map.of("cluster.reload.pause", "PT1S")));
		Map<String, String> expected = new HashMap<>(Configurations.of(4).properties());
		expected.put("cluster.reload.pause", "PT1S");
		assertThat(changed.properties()).isEqualTo(expected);
	}

}
