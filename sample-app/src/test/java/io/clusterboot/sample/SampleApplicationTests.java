package io.clusterboot.sample;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.resttestclient.autoconfigure.AutoConfigureRestTestClient;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SampleApplication} as every user would write them. The application's
 * own configuration asks for a cluster.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@AutoConfigureRestTestClient
class SampleApplicationTests {

	@Autowired
	private Environment environment;

	@Autowired
	private RestTestClient client;

	@Test
	void testOfClusteredApplicationRunsInProcess() {
		assertThat(this.environment.getProperty("cluster.workers")).isEqualTo("max");
		this.client.get()
			.uri("/")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(String.class)
			.value((body) -> assertThat(body).contains("worker=none", "pid=" + ProcessHandle.current().pid()));
	}

	@Test
	void testOfClusteredApplicationForksNothing() {
		assertThat(ProcessHandle.current().children()).isEmpty();
	}

}
