package io.clusterboot.actuate;

import java.net.http.HttpResponse;
import java.util.List;

import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.contract.WriteAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what web pages may do through {@link ClusterEndpoint}: a browser lends each
 * of them the rights of whoever looks at it.
 */
class ClusterEndpointOriginTests {

	private static final StubCluster operations = new StubCluster();

	private static EndpointApplication application;

	@BeforeAll
	static void start() {
		application = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL));
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void reset() {
		operations.reset();
	}

	@Test
	void postByTheOwnPageIsAllowed() throws Exception {
		assertThat(application.postWithHeaders("/reload", "Origin", ownOrigin(), "Sec-Fetch-Site", "same-origin")
			.statusCode()).isEqualTo(202);
		assertThat(application.postWithHeaders("/reload", "Origin", ownOrigin()).statusCode()).isEqualTo(202);
	}

	@Test
	void postByAnotherPageOfThisHostIsRefused() throws Exception {
		for (String origin : List.of("http://127.0.0.1:1", "http://127.0.0.1", "http://localhost" + ownPort(),
				"file://127.0.0.1" + ownPort(), "127.0.0.1" + ownPort(), ownOrigin() + ".example")) {
			assertRefused(application.postWithHeaders("/shutdown", "Origin", origin), "'Origin'");
			assertRefused(application.postWithHeaders("/shutdown", "Origin", origin, "Sec-Fetch-Site", "same-origin"),
					"'Origin'");
		}
		for (String site : List.of("same-site", "cross-site", "none", "")) {
			assertRefused(application.postWithHeaders("/shutdown", "Origin", ownOrigin(), "Sec-Fetch-Site", site),
					"'Sec-Fetch-Site'");
		}
		assertRefused(application.postWithHeaders("/shutdown", "Origin", ownOrigin(), "Origin", "http://evil.example"),
				"'Origin'");
	}

	@ParameterizedTest
	@EnumSource(WriteAccess.class)
	void simplePostByPageOfAnotherOriginIsRefusedWhoeverMayWrite(WriteAccess access) throws Exception {
		try (EndpointApplication open = EndpointApplication.start(operations, new CallerCheck(access),
				"test.user=operator")) {
			for (String path : List.of("/reload", "/scale", "/shutdown", "/reloads/3/abort")) {
				for (String[] page : new String[][] { { "Origin", "http://evil.example" }, { "Origin", "null" },
						{ "Sec-Fetch-Site", "cross-site" },
						{ "Origin", "http://evil.example", "Sec-Fetch-Site", "cross-site" },
						{ "Origin", "http://localhost:3000", "Sec-Fetch-Site", "same-site" } }) {
					assertRefused(open.postWithHeaders(path, page), "a web page made it");
				}
			}
		}
	}

	@Test
	void formOfAPageOfAnotherOriginDoesNothing() throws Exception {
		try (EndpointApplication open = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.UNRESTRICTED))) {
			for (String contentType : List.of("text/plain", "application/x-www-form-urlencoded")) {
				assertThat(
						open.postWithHeaders("/shutdown", "Content-Type", contentType, "Origin", "http://evil.example")
							.statusCode())
					.isIn(403, 415);
			}
			assertThat(operations.asked()).isEmpty();
		}
	}

	@Test
	void postByTheOwnPageThroughProxyIsAllowedForAuthenticatedCaller() throws Exception {
		try (EndpointApplication behindProxy = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.LOCAL_OR_AUTHENTICATED), "test.user=operator",
				"server.forward-headers-strategy=framework")) {
			String origin = "https://cluster.example";
			assertThat(behindProxy.postWithHeaders("/reload", "Origin", origin, "Sec-Fetch-Site", "same-origin")
				.statusCode()).isEqualTo(202);
			assertThat(behindProxy
				.postWithHeaders("/reload", "Origin", origin, "X-Forwarded-Host", "cluster.example",
						"X-Forwarded-Proto", "https")
				.statusCode()).isEqualTo(202);
			assertThat(behindProxy.postWithHeaders("/reload", "Origin", origin).statusCode()).isEqualTo(403);
			assertThat(behindProxy
				.postWithHeaders("/reload", "Origin", "https://evil.example", "X-Forwarded-Host", "cluster.example",
						"X-Forwarded-Proto", "https")
				.statusCode()).isEqualTo(403);
		}
	}

	@Test
	void onlyTheOwnPageLearnsWhatIsNotForEverybody() throws Exception {
		assertThat(application.getWithHeaders("", "Sec-Fetch-Site", "same-origin").body()).contains("\"mayWrite\":true",
				"uid 1000");
		for (String site : List.of("cross-site", "same-site", "none")) {
			assertThat(application.getWithHeaders("", "Sec-Fetch-Site", site).body()).contains("\"mayWrite\":false")
				.doesNotContain("uid 1000");
		}
		assertThat(application.getWithHeaders("", "Origin", "http://evil.example").body())
			.contains("\"mayWrite\":false");
	}

	private static String ownOrigin() {
		return "http://127.0.0.1" + ownPort();
	}

	private static String ownPort() {
		return application.url("127.0.0.1", "").replaceFirst(".*(:\\d+)/.*", "$1");
	}

	private static void assertRefused(HttpResponse<String> response, String reason) {
		assertThat(response.statusCode()).isEqualTo(403);
		assertThat(response.body()).contains(reason, "docs/security.md");
		assertThat(operations.asked()).isEmpty();
	}

}
