package io.clusterboot.bootstrap;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.UseMainMethod;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@code @SpringBootTest} stays a plain test although
 * {@code cluster.workers=max}.
 */
class SpringBootTestRoleTests {

	private static void assertIsPlainTest(Environment environment) {
		assertThat(environment.getProperty("cluster.workers")).isEqualTo("max");
		assertThat(RoleRecorder.recordedIn(environment)).isEqualTo("NONE DEBUG this is a test");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	public static class TestApplication {

		public static void main(String[] args) {
			SpringApplication.run(TestApplication.class, args);
		}

	}

	@Nested
	@SpringBootTest(classes = TestApplication.class, properties = "cluster.workers=max",
			useMainMethod = UseMainMethod.NEVER)
	class WithMockEnvironment {

		@Test
		void isPlainTest(@Autowired Environment environment) {
			assertIsPlainTest(environment);
		}

	}

	@Nested
	@SpringBootTest(classes = TestApplication.class, properties = "cluster.workers=max",
			useMainMethod = UseMainMethod.ALWAYS)
	class WithMockEnvironmentAndMainMethod {

		@Test
		void isPlainTest(@Autowired Environment environment) {
			assertIsPlainTest(environment);
		}

	}

	@Nested
	@SpringBootTest(classes = TestApplication.class, properties = "cluster.workers=max",
			webEnvironment = WebEnvironment.RANDOM_PORT, useMainMethod = UseMainMethod.NEVER)
	class WithRandomPort {

		@Test
		void isPlainTest(@Autowired Environment environment) {
			assertIsPlainTest(environment);
			assertThat(environment.getProperty("local.server.port", Integer.class)).isPositive();
		}

	}

	@Nested
	@SpringBootTest(classes = TestApplication.class, properties = "cluster.workers=max",
			webEnvironment = WebEnvironment.RANDOM_PORT, useMainMethod = UseMainMethod.ALWAYS)
	class WithRandomPortAndMainMethod {

		@Test
		void isPlainTest(@Autowired Environment environment) {
			assertIsPlainTest(environment);
			assertThat(environment.getProperty("local.server.port", Integer.class)).isPositive();
		}

	}

}
