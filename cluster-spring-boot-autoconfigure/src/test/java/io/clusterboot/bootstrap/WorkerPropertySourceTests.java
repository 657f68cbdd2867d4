package io.clusterboot.bootstrap;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerPropertySource}.
 */
class WorkerPropertySourceTests {

	@ParameterizedTest
	@CsvSource({ "logging.file.name,app.log,app-w1-2.log", "logging.file.name,/var/log.d/app,/var/log.d/app-w1-2",
			"logging.file.path,logs,logs/spring-w1-2.log" })
	void logFileIsNamedAfterTheWorker(String property, String value, String expected) {
		assertThat(logFile(Map.of(property, value, "CLUSTER_WORKER_NAME", "w1-2"))).isEqualTo(expected);
	}

	@Test
	void logFileWhenPrimaryToldNoNameIsNamedAfterTheSlot() {
		assertThat(logFile(Map.of("logging.file.name", "app.log"))).isEqualTo("app-w1.log");
	}

	@Test
	void logFileWhenThereIsNoneIsNone() {
		assertThat(logFile(Map.of("CLUSTER_WORKER_NAME", "w1"))).isNull();
	}

	private static @Nullable String logFile(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", new HashMap<>(properties)));
		WorkerEnvironments.join(environment);
		return environment.getProperty("logging.file.name");
	}

}
