package io.clusterboot.bootstrap;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import io.clusterboot.PortConflictException;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.machine.ListeningPorts;
import io.clusterboot.worker.WorkerRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link WorkerPorts}.
 */
@ExtendWith(OutputCaptureExtension.class)
class WorkerPortsTests {

	private static final Map<String, Object> ONE_BY_ONE = Map.of("cluster.workers", "1", "cluster.reload.max-surge",
			"0", "cluster.reload.max-unavailable", "1");

	private final StandardEnvironment environment = new StandardEnvironment();

	private final WorkerRuntime runtime = Mockito.mock(WorkerRuntime.class);

	private final ListeningPorts listening = Mockito.mock(ListeningPorts.class);

	@ParameterizedTest
	@CsvSource({ "2,1,0", "1,1,0", "2,0,1" })
	void connectorWhenASecondWorkerComesSometimeIsRefusedWithWhatToDo(String workers, String surge,
			String unavailable) {
		WorkerPorts ports = ports(0, Map.of("cluster.workers", workers, "cluster.reload.max-surge", surge,
				"cluster.reload.max-unavailable", unavailable));
		assertThatExceptionOfType(PortConflictException.class).isThrownBy(() -> ports.requireForConnector(18081))
			.withMessageContaining("Port 18081 (an additional connector of Tomcat)")
			.satisfies((ex) -> {
				FailureAnalysis analysis = new ClusterStartFailureAnalyzer().analyze(ex);
				assertThat(analysis).isNotNull();
				assertThat(analysis.getDescription()).isEqualTo(ex.getMessage());
				assertThat(analysis.getAction()).contains("18081 + ${cluster.worker.offset}", "port 0",
						"cluster.reload.max-surge=0");
			});
	}

	@Test
	void connectorWhenWorkersAreReplacedOneByOneIsAllowed() {
		assertThatNoException().isThrownBy(() -> ports(0, ONE_BY_ONE).requireForConnector(18081));
	}

	@ParameterizedTest
	@CsvSource({ "cluster.worker.offset", "cluster.worker.slot" })
	void connectorWhenApplicationHasAskedWhichWorkerItIsIsAllowed(String property) {
		WorkerPorts ports = ports(0, Map.of("cluster.workers", "2", "second.port", "1808${" + property + "}"));
		assertThat(this.environment.getProperty("second.port")).isEqualTo("18080");
		assertThatNoException().isThrownBy(() -> ports.requireForConnector(18080));
	}

	@Test
	void lookWhenServerOfSpringHasAFixedPortRefuses() {
		WorkerPorts ports = ports(0, Map.of("cluster.workers", "2", "spring.grpc.server.port", "9090"), 8080, 9090);
		assertThatExceptionOfType(PortConflictException.class).isThrownBy(ports::look)
			.withMessageContaining("Port 9090 (spring.grpc.server.port)");
	}

	@Test
	void lookWhenServerOfSpringIsNotThereOrHasAPortOfItsOwnAccepts(CapturedOutput output) {
		ports(0, Map.of("cluster.workers", "2", "spring.grpc.server.port", "9090"), 8080).look();
		ports(0, Map.of("cluster.workers", "2", "spring.rsocket.server.port", "909${cluster.worker.slot}"), 9090)
			.look();
		assertThat(output).doesNotContain("has bound");
	}

	@Test
	void lookWhenSomethingElseIsBoundWarnsOnceAndNamesThePropertyThatSaysSo(CapturedOutput output) {
		WorkerPorts ports = ports(0, Map.of("cluster.workers", "2", "broker.port", "1883"), 8080, 1883, 1884);
		ports.look();
		assertThat(output).contains("WARN",
				"The application has bound port 1883 (broker.port), port 1884, as no second",
				"1883 + ${cluster.worker.offset}");
		int length = output.length();
		ports.look();
		assertThat(output).hasSize(length);
	}

	@Test
	void lookWhenOnlyTheSharedPortIsBoundSaysNothing(CapturedOutput output) {
		ports(0, Map.of("cluster.workers", "2"), 8080).look();
		assertThat(output).doesNotContain("has bound");
	}

	@Test
	void lookWhenAnotherWorkerSaysItOrNoneEverComesSaysNothing(CapturedOutput output) {
		ports(1, Map.of("cluster.workers", "2"), 1883).look();
		ports(0, ONE_BY_ONE, 1883).look();
		assertThat(output).doesNotContain("has bound");
	}

	private WorkerPorts ports(int slot, Map<String, Object> properties, Integer... listening) {
		BDDMockito.given(this.runtime.identity()).willReturn(new WorkerIdentity(1, slot, 1, 8080, 42, "/tmp"));
		BDDMockito.given(this.listening.chosenBy(ArgumentMatchers.anyLong()))
			.willAnswer((call) -> new TreeSet<>(List.of(listening)));
		WorkerPropertySource worker = WorkerPropertySource.of(this.runtime, this.environment);
		this.environment.getPropertySources().addFirst(new MapPropertySource("test", new HashMap<>(properties)));
		this.environment.getPropertySources().addFirst(worker);
		return new WorkerPorts(this.environment, worker, this.runtime, this.listening);
	}

}
