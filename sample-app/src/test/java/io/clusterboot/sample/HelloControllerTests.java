package io.clusterboot.sample;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HelloController}.
 */
class HelloControllerTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final long pid = ProcessHandle.current().pid();

	@Test
	void helloWhenNotInClusterSaysNone() {
		assertThat(hello())
			.isEqualTo("Hello from worker=none slot=none pid=" + this.pid + " generation=none version=1");
	}

	@Test
	void helloWhenInWorkerNamesWorkerSlotAndGeneration() {
		worker("5", "0", "3");
		this.environment.setProperty("sample.version", "2");
		assertThat(hello()).isEqualTo("Hello from worker=5 slot=0 pid=" + this.pid + " generation=3 version=2");
	}

	@Test
	void helloIsAsLongFromEveryWorker() {
		worker("5", "0", "3");
		int length = body().length();
		worker("1234", "11", "100");
		assertThat(body()).hasSize(length);
	}

	private void worker(String id, String slot, String generation) {
		this.environment.setProperty("cluster.worker.id", id);
		this.environment.setProperty("cluster.worker.slot", slot);
		this.environment.setProperty("cluster.worker.generation", generation);
	}

	private String hello() {
		return body().replaceAll(" +", " ");
	}

	private String body() {
		MvcTestResult result = MockMvcTester.of(new HelloController(this.environment)).get().uri("/").exchange();
		assertThat(result).hasStatusOk();
		return new String(result.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8);
	}

}
