package io.clusterboot.bootstrap;

import java.util.HashMap;
import java.util.Map;

import io.clusterboot.settings.InvalidClusterPropertyException;
import io.clusterboot.worker.WorkerRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.bootstrap.DefaultBootstrapContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ClusterApplicationListener} in workers.
 */
class ClusterApplicationListenerTests {

	@Test
	void workerTellsItsConfiguration() {
		thenTold(prepare(Map.of("cluster.workers", "3", "server.port", "9090")), "cluster.workers", "3");
	}

	@ParameterizedTest
	@ValueSource(strings = { "off", "0", "" })
	void workerTellsThatTheClusterIsOff(String workers) {
		thenTold(prepare(Map.of("cluster.workers", workers, "cluster.drain.timeout", "-1s")), "cluster.workers", "0");
	}

	@Test
	void workerTellsThatTheClusterIsNotConfigured() {
		thenTold(prepare(Map.of()), "cluster.workers", "0");
	}

	@ParameterizedTest
	@CsvSource({ "9090,9090", "9090,-1", "9090,0", "9090,", "9090,${server.port}", "0,0", "0,${server.port}" })
	void workerWhoseManagementHasNoPortOfItsOwnStarts(String port, String managementPort) {
		thenTold(prepare(ports(port, managementPort)), "server.port", port);
	}

	@ParameterizedTest
	@CsvSource({ "9090,8081", "8080,8081", "0,8081", "0," + WorkerEnvironments.PORT })
	void workerWhoseManagementHasAPortOfItsOwnFails(String port, String managementPort) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> prepare(ports(port, managementPort)))
			.withMessageStartingWith("Property 'management.server.port' has the value '%s' but must be the port of"
				.formatted(managementPort));
	}

	private static Map<String, Object> ports(String port, String managementPort) {
		Map<String, Object> properties = new HashMap<>(Map.of("cluster.workers", "2", "server.port", port));
		if (managementPort != null) {
			properties.put("management.server.port", managementPort);
		}
		return properties;
	}

	private static WorkerRuntime prepare(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		WorkerRun run = WorkerEnvironments.join(environment);
		DefaultBootstrapContext bootstrap = new DefaultBootstrapContext();
		bootstrap.register(WorkerRun.class, InstanceSupplier.of(run));
		new ClusterApplicationListener(new SpringApplication(), new String[0]).environmentPrepared(bootstrap,
				environment);
		return run.runtime();
	}

	private static void thenTold(WorkerRuntime runtime, String name, String value) {
		BDDMockito.then(runtime).should().configured(ArgumentMatchers.argThat((view) -> value.equals(view.get(name))));
	}

}
