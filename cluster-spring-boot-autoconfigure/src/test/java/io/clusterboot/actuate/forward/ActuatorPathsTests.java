package io.clusterboot.actuate.forward;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ActuatorPaths}.
 */
class ActuatorPathsTests {

	private final ActuatorPaths paths = new ActuatorPaths("/actuator", "/actuator/cluster",
			List.of("cluster", "health"));

	private final ActuatorPaths rootPaths = new ActuatorPaths("", "/cluster", List.of("cluster", "health"));

	@ParameterizedTest
	@CsvSource({ "/actuator/cluster/workers/1/health, /actuator/health",
			"/actuator/cluster/workers/1/loggers/a%20b;c=d, /actuator/loggers/a%20b;c=d",
			"/actuator/cluster/workers/1/clusters, /actuator/clusters",
			"/app/api/actuator/cluster/workers/1/env/x, /app/api/actuator/env/x",
			"/app/actuator/cluster/workers/1, /app/actuator", "/actuator/cluster/workers/1/, /actuator" })
	void pathBelowTheSlotIsThatOfTheWorker(String uri, String path) throws Exception {
		ActuatorPaths.Target target = this.paths.find(get(uri));
		assertThat(target.slot()).isEqualTo(1);
		assertThat(target.path()).isEqualTo(path);
	}

	@Test
	void queryGoesOn() throws Exception {
		MockHttpServletRequest request = get("/actuator/cluster/workers/0/metrics/x");
		request.setQueryString("tag=a:b%26c");
		assertThat(this.paths.find(request).path()).isEqualTo("/actuator/metrics/x?tag=a:b%26c");
	}

	@Test
	void indexIsKnownWithWhereItIs() throws Exception {
		ActuatorPaths.Target target = this.paths.find(get("/app/actuator/cluster/workers/1/"));
		assertThat(target.isIndex()).isTrue();
		assertThat(target.url()).isEqualTo("http://localhost/app/actuator/cluster/workers/1");
		assertThat(target.cluster()).isEqualTo("http://localhost/app/actuator/cluster");
		assertThat(this.paths.find(get("/actuator/cluster/workers/1/health")).isIndex()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/cluster/workers/1/cluster", "/actuator/cluster/workers/1/cluster/reload",
			"/actuator/cluster/workers/1/%63luster/workers/1", "/actuator/cluster/workers/1/cluster;a=b/x",
			"/actuator/cluster/workers/1/health/../cluster", "/actuator/cluster/workers/1/%2E%2e/x",
			"/actuator/cluster/workers/1/..;a=b/x", "/actuator/cluster/workers/x/health",
			"/actuator/cluster/workers/-1/health", "/actuator/%63luster/workers/1/health" })
	void whatLeadsElsewhereIsNotFound(String uri) {
		assertNotFound(this.paths, uri);
	}

	@Test
	void onlyEndpointsAreReachedWhereTheActuatorHasNoPathOfItsOwn() throws Exception {
		assertThat(this.rootPaths.find(get("/cluster/workers/0/health")).path()).isEqualTo("/health");
		assertNotFound(this.rootPaths, "/cluster/workers/0/orders");
		assertNotFound(this.rootPaths, "/cluster/workers/0/cluster");
		assertNotFound(this.rootPaths, "/cluster/workers/0");
	}

	private static void assertNotFound(ActuatorPaths paths, String uri) {
		assertThatExceptionOfType(ForwardException.class).as(uri)
			.isThrownBy(() -> paths.find(get(uri)))
			.matches((ex) -> ex.status() == 404);
	}

	private static MockHttpServletRequest get(String uri) {
		return new MockHttpServletRequest("GET", uri);
	}

}
