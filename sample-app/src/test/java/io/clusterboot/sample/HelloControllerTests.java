package io.clusterboot.sample;

import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HelloController}.
 */
class HelloControllerTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final long pid = ProcessHandle.current().pid();

	@Test
	void helloWhenNotInClusterSaysNone() {
		assertThat(mvc().get().uri("/")).hasStatusOk()
			.hasBodyTextEqualTo("Hello from worker=none slot=none pid=" + this.pid + " generation=none version=1");
	}

	@Test
	void helloWhenInWorkerNamesWorkerSlotAndGeneration() {
		this.environment.setProperty("cluster.worker.id", "5");
		this.environment.setProperty("cluster.worker.slot", "0");
		this.environment.setProperty("cluster.worker.generation", "3");
		this.environment.setProperty("sample.version", "2");
		assertThat(mvc().get().uri("/")).hasStatusOk()
			.hasBodyTextEqualTo("Hello from worker=5 slot=0 pid=" + this.pid + " generation=3 version=2");
	}

	private MockMvcTester mvc() {
		return MockMvcTester.of(new HelloController(this.environment));
	}

}
