package io.clusterboot.actuate.forward;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.skyscreamer.jsonassert.JSONAssert;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IndexLinks}.
 */
class IndexLinksTests {

	private static final String BASE = "https://host/app/actuator/cluster/workers/1";

	private static final String CLUSTER = "https://host/app/actuator/cluster";

	@Test
	void linksLeadToTheSameWorkerAndThoseOfTheClusterToTheCluster() throws Exception {
		String index = """
				{"_links":{
				"self":{"href":"http://127.0.0.1:40123/app/actuator","templated":false},
				"health-path":{"href":"http://127.0.0.1:40123/app/actuator/health/{*path}","templated":true},
				"clusters":{"href":"http://127.0.0.1:40123/app/actuator/clusters","templated":false},
				"cluster":{"href":"http://127.0.0.1:40123/app/actuator/cluster","templated":false},
				"cluster-operation":{"href":"http://127.0.0.1:40123/app/actuator/cluster/{operation}","templated":true},
				"other":{"href":"http://elsewhere/","templated":false}}}
				""";
		JSONAssert.assertEquals("""
				{"_links":{
				"self":{"href":"https://host/app/actuator/cluster/workers/1","templated":false},
				"health-path":{"href":"https://host/app/actuator/cluster/workers/1/health/{*path}","templated":true},
				"clusters":{"href":"https://host/app/actuator/cluster/workers/1/clusters","templated":false},
				"cluster":{"href":"https://host/app/actuator/cluster","templated":false},
				"cluster-operation":{"href":"https://host/app/actuator/cluster/{operation}","templated":true},
				"other":{"href":"http://elsewhere/","templated":false}}}
				""", rewrite(index), true);
	}

	@Test
	void anythingElseStaysAsItIs() throws Exception {
		for (String other : new String[] { "{\"_links\":", "[1]", "{\"status\":\"UP\"}", "{\"_links\":{}}", "" }) {
			assertThat(rewrite(other)).isEqualTo(other);
		}
	}

	private static String rewrite(String index) throws IOException {
		return new String(IndexLinks.rewrite(index.getBytes(StandardCharsets.UTF_8), BASE, "/cluster", CLUSTER),
				StandardCharsets.UTF_8);
	}

}
