package io.clusterboot.actuate;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.contract.WriteAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Page}.
 */
class PageTests {

	private static final String BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,"
			+ "image/webp,*/*;q=0.8";

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

	@ParameterizedTest
	@ValueSource(strings = { BROWSER, "text/html", "text/html;q=0.9, */*;q=0.8", "text/html, application/json;q=0.5",
			"text/*" })
	void browserGetsThePage(String accept) throws Exception {
		HttpResponse<String> page = application.getWithHeaders("", "Accept", accept);
		assertThat(page.statusCode()).isEqualTo(200);
		assertThat(header(page, "Content-Type")).isEqualTo("text/html;charset=UTF-8");
		assertThat(header(page, "Vary")).isEqualTo("Accept");
		assertThat(page.body()).startsWith("<!doctype html>");
		assertGuarded(page);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			*/*                                             | application/vnd.spring-boot.actuator.v3+json
			*/*;q=0.1                                       | application/vnd.spring-boot.actuator.v3+json
			application/*                                   | application/vnd.spring-boot.actuator.v3+json
			application/vnd.spring-boot.actuator.v2+json    | application/vnd.spring-boot.actuator.v2+json
			application/json                                | application/json
			application/json, text/plain, */*               | application/json
			application/json, text/html                     | application/json
			text/html;q=0.5, application/json               | application/json
			""")
	void everybodyElseGetsJson(String accept, String contentType) throws Exception {
		HttpResponse<String> answer = application.getWithHeaders("", "Accept", accept);
		assertThat(header(answer, "Content-Type")).isEqualTo(contentType);
		assertThat(answer.body()).isEqualTo(application.get().body());
		assertThat(answer.headers().map()).doesNotContainKeys("Content-Security-Policy", "Vary", "Cache-Control");
	}

	@Test
	void whoSaysNothingGetsJson() throws Exception {
		HttpResponse<String> answer = application.get();
		assertThat(header(answer, "Content-Type")).isEqualTo("application/vnd.spring-boot.actuator.v3+json");
	}

	@Test
	void whatElseABrowserAsksForIsJson() throws Exception {
		for (String path : List.of("/reloads", "/reloads/2", "/incidents", "/incidents/1")) {
			assertThat(header(application.getWithHeaders(path, "Accept", BROWSER), "Content-Type")).as(path)
				.isEqualTo("application/vnd.spring-boot.actuator.v3+json");
		}
	}

	@Test
	void pageIsThereWhenThePrimaryIsNot() throws Exception {
		operations.loseThePrimary();
		assertThat(application.getWithHeaders("", "Accept", BROWSER).statusCode()).isEqualTo(200);
		assertThat(application.get().statusCode()).isEqualTo(503);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			page.js  | text/javascript;charset=UTF-8 | */*
			page.css | text/css;charset=UTF-8        | text/css,*/*;q=0.1
			""")
	void filesHaveTheirTypes(String name, String contentType, String accept) throws Exception {
		HttpResponse<String> file = application.getWithHeaders("/" + name, "Accept", accept);
		assertThat(file.statusCode()).isEqualTo(200);
		assertThat(header(file, "Content-Type")).isEqualTo(contentType);
		assertThat(file.body()).isEqualTo(read(name));
		assertGuarded(file);
	}

	@Test
	void pageAsItIsInTheJarIsNoFile() throws Exception {
		assertThat(application.get("/page.html").statusCode()).isEqualTo(404);
		assertThat(application.get("/package-info.class").statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/actuator/cluster", "/app/actuator/cluster --server.servlet.context-path=/app",
			"/manage/cluster --management.endpoints.web.base-path=/manage",
			"/cluster --management.endpoints.web.base-path=/",
			"/actuator/ops/workers --management.endpoints.web.path-mapping.cluster=ops/workers",
			"/x/y/z --server.servlet.context-path=/x --management.endpoints.web.base-path=/y "
					+ "--management.endpoints.web.path-mapping.cluster=z" })
	void whatThePageRefersToIsThere(String where) throws Exception {
		String[] properties = where.split(" ");
		properties[0] = "test.base=" + properties[0];
		try (EndpointApplication other = EndpointApplication.start(operations, new CallerCheck(WriteAccess.LOCAL),
				List.of(properties).stream().map((each) -> each.replaceFirst("^--", "")).toArray(String[]::new))) {
			HttpResponse<String> page = other.getWithHeaders("", "Accept", BROWSER);
			List<String> references = Pattern.compile("(?:src|href)=\"([^\"#:]+)\"")
				.matcher(page.body())
				.results()
				.map((result) -> result.group(1))
				.toList();
			assertThat(references).hasSize(2);
			String base = other.url("127.0.0.1", "");
			for (String reference : references) {
				assertThat(reference).doesNotStartWith("/");
				String path = URI.create(base).resolve(reference).toString();
				assertThat(path).startsWith(base + "/page.");
				assertThat(other.get(path.substring(base.length())).statusCode()).isEqualTo(200);
			}
		}
	}

	@Test
	void pathOfTheCallerIsNotPutIntoThePage() throws Exception {
		HttpResponse<String> page = application.getWithHeaders(";x=%22%3E%3Cscript%3E'", "Accept", BROWSER);
		assertThat(page.body()).isEqualTo(read("page.html"));
	}

	@Test
	void pageHasNothingThatItsPolicyForbids() throws Exception {
		String page = read("page.html");
		assertThat(page).doesNotContain("<style", "style=", "javascript:").doesNotContainPattern("\\son\\w+=");
		assertThat(Pattern.compile("<script[^>]*>").matcher(page).results().map(MatchResult::group))
			.containsExactly("<script type=\"module\" src=\"cluster/page.js\">");
		for (String name : List.of("page.html", "page.css", "page.js")) {
			assertThat(read(name).replace("http://www.w3.org/2000/svg", "")).as(name)
				.doesNotContainPattern("https?://|['\"`]//|@import|\\burl\\(");
		}
	}

	@Test
	void scriptPutsInNothingAsHtmlOrCode() throws Exception {
		assertThat(read("page.js")).doesNotContainPattern("(inner|outer)HTML|insertAdjacentHTML|document\\.write|"
				+ "createContextualFragment|setHTML|DOMParser|eval\\(|new Function|\\.style\\b|localStorage");
	}

	@Test
	void scriptIsSmall() throws Exception {
		assertThat(read("page.js").lines().count()).isLessThan(400);
	}

	@Test
	void whereNoHeaderCanBeSetThereIsNoPage() {
		WebEndpointResponse<Object> answer = new ClusterEndpoint(operations, operations::onBehalfOf,
				new CallerCheck(WriteAccess.LOCAL), () -> true)
			.page();
		assertThat(answer.getContentType()).isEqualTo(Page.JSON);
		assertThat(answer.getBody()).isInstanceOf(ClusterDescriptor.class);
	}

	private static void assertGuarded(HttpResponse<String> response) {
		assertThat(response.headers().allValues("Content-Security-Policy")).containsExactly(
				"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
						+ "frame-ancestors 'none'; base-uri 'none'; form-action 'none'");
		assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
		assertThat(header(response, "Referrer-Policy")).isEqualTo("no-referrer");
		assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
	}

	private static String header(HttpResponse<String> response, String name) {
		return response.headers().firstValue(name).orElseThrow();
	}

	private static String read(String name) throws Exception {
		return new ClassPathResource(name, Page.class).getContentAsString(StandardCharsets.UTF_8);
	}

}
