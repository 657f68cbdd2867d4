package io.clusterboot.sample;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SampleApplication} started through its main method.
 */
@SpringBootTest(useMainMethod = UseMainMethod.ALWAYS, webEnvironment = WebEnvironment.MOCK)
class SampleApplicationMainMethodTests {

	@Autowired
	private Environment environment;

	@Test
	void testThroughMainMethodForksNothing() {
		assertThat(this.environment.getProperty("cluster.workers")).isEqualTo("max");
		assertThat(this.environment.getProperty("cluster.worker.id")).isNull();
		assertThat(ProcessHandle.current().children()).isEmpty();
	}

}
