package io.clusterboot.bootstrap;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.worker.WorkerRuntime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

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

	@Test
	void webServerDoesNotWaitForWhatTheDrainHasWaitedFor() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", Map.of("server.shutdown", "graceful")));
		WorkerEnvironments.join(environment);
		assertThat(environment.getProperty("server.shutdown")).isEqualTo("immediate");
	}

	@Test
	void slotWhenASpareIsGivenOneIsThat() {
		StandardEnvironment environment = new StandardEnvironment();
		AtomicInteger slot = new AtomicInteger(WorkerIdentity.NO_SLOT);
		WorkerRuntime runtime = Mockito.mock(WorkerRuntime.class);
		BDDMockito.given(runtime.identity())
			.willAnswer((call) -> new WorkerIdentity(3, slot.get(), 1, 8080, 1, "/tmp"));
		environment.getPropertySources().addFirst(WorkerPropertySource.of(runtime, environment));
		assertThat(environment.getProperty("cluster.worker.slot")).isEqualTo("-1");
		slot.set(2);
		assertThat(environment.getProperty("cluster.worker.slot")).isEqualTo("2");
	}

	private static @Nullable String logFile(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", new HashMap<>(properties)));
		WorkerEnvironments.join(environment);
		return environment.getProperty("logging.file.name");
	}

}
