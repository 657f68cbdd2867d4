package io.clusterboot.bootstrap;

import io.clusterboot.contract.WriteAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EndpointExposure}.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointExposureTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void writeAccessWhenNothingIsSetIsLocal() {
		assertThat(exposure().isByDefault()).isTrue();
		assertThat(exposure().writeAccess()).isEqualTo(WriteAccess.LOCAL);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*              |              | LOCAL_OR_AUTHENTICATED
			health,cluster |              | LOCAL_OR_AUTHENTICATED
			*              | read-only    | LOCAL_OR_AUTHENTICATED
			*              | unrestricted | UNRESTRICTED
			               | unrestricted | UNRESTRICTED
			               | UNRESTRICTED | UNRESTRICTED
			               | read-only    | LOCAL
			""")
	void writeAccessIsUnrestrictedOnlyWhereThatIsSaid(String include, String access, WriteAccess expected) {
		set("management.endpoints.web.exposure.include", include);
		set("management.endpoint.cluster.access", access);
		set("management.endpoints.access.default", "unrestricted");
		assertThat(exposure().writeAccess()).isEqualTo(expected);
	}

	@Test
	void checkWarnsOfUnrestrictedAccessWithoutSpringSecurity(CapturedOutput output) {
		exposure().check();
		assertThat(output).doesNotContain("whoever reaches");
		set("management.endpoint.cluster.access", "unrestricted");
		exposure().check();
		assertThat(output).as("with Spring Security").doesNotContain("whoever reaches");
		Thread thread = Thread.currentThread();
		ClassLoader classLoader = thread.getContextClassLoader();
		thread.setContextClassLoader(new FilteredClassLoader("org.springframework.security"));
		try {
			exposure().check();
		}
		finally {
			thread.setContextClassLoader(classLoader);
		}
		assertThat(output).containsOnlyOnce("whoever reaches the port may reload, scale and stop the cluster");
	}

	private void set(String name, String value) {
		if (value != null) {
			this.environment.setProperty(name, value);
		}
	}

	private EndpointExposure exposure() {
		return new EndpointExposure(Binder.get(this.environment));
	}

}
