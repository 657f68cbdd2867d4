package io.clusterboot.actuate;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;

import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.contract.WriteAccess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClusterEndpoint} in an application that has exposed it explicitly.
 */
class ClusterEndpointTests {

	private static final String METRICS = """
			"connections":12,"requests":10234,\
			"responses":{"1xx":0,"2xx":10000,"3xx":200,"4xx":30,"5xx":4},\
			"requestsInFlight":2,"threads":30,"openFiles":74,"heap":{"used":1000,"afterGc":900},"memory":2000,"cpu":1500,"gc":20,\
			"requestTimes":{"mean":4.1,"p50":2,"p95":20,"p99":50,"buckets":[{"le":1,"count":5000},\
			{"le":2,"count":8000},{"le":5,"count":9000},{"le":10,"count":9700},{"le":20,"count":10000},\
			{"le":50,"count":10200},{"le":100,"count":10230},{"le":200,"count":10233},{"le":500,"count":10234},\
			{"le":1000,"count":10234},{"le":2000,"count":10234},{"le":5000,"count":10234},\
			{"le":10000,"count":10234},{"le":20000,"count":10234},{"le":60000,"count":10234},\
			{"le":null,"count":10234}]}""";

	private static final String NO_METRICS = """
			"connections":0,"requests":0,\
			"responses":{"1xx":0,"2xx":0,"3xx":0,"4xx":0,"5xx":0},\
			"requestsInFlight":0,"threads":0,"openFiles":0,"heap":{"used":0,"afterGc":0},"memory":0,"cpu":0,"gc":0,\
			"requestTimes":{"mean":0.0,"p50":0,"p95":0,"p99":0,"buckets":[{"le":1,"count":0},\
			{"le":2,"count":0},{"le":5,"count":0},{"le":10,"count":0},{"le":20,"count":0},\
			{"le":50,"count":0},{"le":100,"count":0},{"le":200,"count":0},{"le":500,"count":0},\
			{"le":1000,"count":0},{"le":2000,"count":0},{"le":5000,"count":0},\
			{"le":10000,"count":0},{"le":20000,"count":0},{"le":60000,"count":0},{"le":null,"count":0}]}""";

	private static final String CLUSTER = """
			{"state":"running",\
			"primary":{"pid":4242,"started":"2026-11-20T10:00:00Z",\
			"store":{"entries":7,"bytes":8192,"maxBytes":16777216,"evictions":3,"refusals":2}},\
			"port":8080,\
			"target":2,\
			"generation":3,\
			"leader":{"worker":5,"token":1795168800001},\
			"failedSlots":[1],\
			"workers":[\
			{"id":5,"slot":0,"pid":4301,"generation":3,"state":"ready",\
			"started":"2026-11-20T10:00:01Z","ready":"2026-11-20T10:00:03Z",\
			"restarts":0,"sideDoor":40123,%s},\
			{"id":6,"slot":1,"pid":4302,"generation":3,"state":"forked",\
			"started":"2026-11-20T10:00:02Z","ready":null,\
			"restarts":1,"sideDoor":null,%s},\
			{"id":7,"slot":null,"pid":4303,"generation":3,"state":"listening",\
			"started":"2026-11-20T10:00:02Z","ready":null,\
			"restarts":0,"sideDoor":null,%s}],\
			"learnedRequests":["/owners?lastName="],"mayWrite":true,\
			"lastReload":{"id":2,"trigger":"http","requester":"uid 1000 (app)","strategy":"rolling","status":"succeeded","reason":null,\
			"fromGeneration":2,"toGeneration":3,\
			"started":"2026-11-20T10:05:00Z","finished":"2026-11-20T10:05:09Z",\
			"steps":[{"slot":0,"generation":3,"worker":5,"forked":"2026-11-20T10:05:01Z",\
			"ready":"2026-11-20T10:05:03Z","replaced":4,"drained":"2026-11-20T10:05:04Z"}],\
			"canary":{"worker":5,"until":"2026-11-20T10:05:13Z","requests":246,"serverErrors":23,\
			"othersRequests":260,"othersServerErrors":1},\
			"losses":{"listenDrops":{"before":3,"after":6},"listenOverflows":{"before":2,"after":5},\
			"tcpReqQFullDrop":{"before":1,"after":4},"cutRequests":7,"killedWorkers":1},\
			"output":["one \\"line\\"","another"]}}"""
		.formatted(METRICS, NO_METRICS, NO_METRICS);

	private static final String INCIDENT = """
			{"id":1,"time":"2026-11-20T10:06:00Z","cause":"out-of-memory","detail":"Java heap space",\
			"worker":4,"slot":1,"pid":4300,"generation":2,\
			"exited":"2026-11-20T10:06:01Z","exit":"exit code 3\"""";

	private static final String SPARE_INCIDENT = """
			{"id":2,"time":"2026-11-20T10:07:00Z","cause":"start-failure","detail":"not ready within 60 s",\
			"worker":8,"slot":null,"pid":4304,"generation":3,"exited":null,"exit":null""";

	private static final String RELOAD = """
			{"id":3,"trigger":"http","requester":null,"strategy":"%s","status":"running","reason":null,\
			"fromGeneration":3,"toGeneration":4,"started":"2026-11-20T11:00:00Z","finished":null,\
			"steps":[],"canary":null,"losses":null,"output":[],\
			"_links":{"self":{"href":"/actuator/cluster/reloads/3"}}}""";

	private static final String ABORTED = """
			{"id":3,"trigger":"http","requester":null,"strategy":"rolling","status":"running","reason":"aborted",\
			"fromGeneration":3,"toGeneration":4,"started":"2026-11-20T11:00:00Z","finished":null,\
			"steps":[],"canary":null,\
			"losses":{"listenDrops":{"before":null,"after":null},"listenOverflows":{"before":null,"after":null},\
			"tcpReqQFullDrop":{"before":null,"after":null},"cutRequests":0,"killedWorkers":0},"output":[],\
			"_links":{"self":{"href":"/actuator/cluster/reloads/3"}}}""";

	private static final String UNAVAILABLE = """
			{"reason":"The primary did not answer within 5 s"}""";

	private static final StubCluster operations = new StubCluster();

	private static EndpointApplication application;

	@BeforeAll
	static void start() {
		application = EndpointApplication.start(operations, new CallerCheck(WriteAccess.UNRESTRICTED),
				"test.peer=unknown");
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
	void getShowsTheClusterAsDocumented() throws Exception {
		assertResponse(application.get(), 200, CLUSTER);
	}

	@Test
	void getWhenThereWasNoReloadShowsNull() throws Exception {
		operations.forgetTheReload();
		assertThat(application.get().body()).endsWith("\"lastReload\":null}");
	}

	@Test
	void getWhenPrimaryDoesNotAnswerIs503WithReason() throws Exception {
		operations.loseThePrimary();
		assertResponse(application.get(), 503, UNAVAILABLE);
	}

	@Test
	void getWhenApplicationHasItsOwnJsonSettingsLooksTheSame() throws Exception {
		try (EndpointApplication other = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.UNRESTRICTED), "spring.jackson.property-naming-strategy=SNAKE_CASE",
				"spring.jackson.default-property-inclusion=non_null",
				"spring.jackson.mapper.sort-properties-alphabetically=true", "spring.jackson.visibility.getter=none",
				"spring.jackson.datatype.datetime.write-dates-as-timestamps=true",
				"spring.jackson.datatype.enum.write-enums-using-index=true")) {
			assertResponse(other.get(), 200, CLUSTER);
			assertThat(other.get("/incidents/2").body()).startsWith(SPARE_INCIDENT + ",\"heartbeat\":null,");
			assertResponse(other.post("/reload"), 202, RELOAD.formatted("rolling"));
			assertResponse(other.post("/shutdown"), 202, "{\"state\":\"stopping\"}");
		}
	}

	@Test
	void reloadWithoutBodyLeavesTheStrategyToTheCluster() throws Exception {
		assertResponse(application.post("/reload"), 202, RELOAD.formatted("rolling"));
		assertThat(operations.asked()).containsExactly("reload null");
	}

	@Test
	void reloadsShowsWhatThePrimaryRemembers() throws Exception {
		String reload = CLUSTER.substring(CLUSTER.indexOf("{\"id\":2"), CLUSTER.length() - 1);
		assertResponse(application.get("/reloads"), 200, "{\"reloads\":[" + reload + "]}");
		assertResponse(application.get("/reloads/2"), 200, reload);
	}

	@Test
	void reloadThatIsUnknownIs404WithReason() throws Exception {
		assertResponse(application.get("/reloads/7"), 404,
				"{\"reason\":\"There is no reload 7, or it is too long ago.\"}");
		assertResponse(application.get("/other"), 404,
				"{\"reason\":\"There is no 'other': use 'reloads', 'incidents' or 'workers/SLOT'.\"}");
		assertResponse(application.get("/other/7"), 404,
				"{\"reason\":\"There is no 'other': use 'reloads', 'incidents' or 'workers/SLOT'.\"}");
	}

	@Test
	void incidentsShowsWhatThePrimaryRemembers() throws Exception {
		assertResponse(application.get("/incidents"), 200,
				"{\"incidents\":[" + INCIDENT + "}," + SPARE_INCIDENT + "}]}");
	}

	@Test
	void incidentShowsAllOfIt() throws Exception {
		assertResponse(application.get("/incidents/1"), 200, INCIDENT + """
				,"heartbeat":"2026-11-20T10:05:59Z","metrics":{%s},"threadDump":"\\"main\\" prio=5",\
				"output":["one \\"line\\"","another"],"errorFile":"# SIGSEGV"}""".formatted(METRICS));
		assertResponse(application.get("/incidents/2"), 200, SPARE_INCIDENT
				+ ",\"heartbeat\":null,\"metrics\":null,\"threadDump\":null,\"output\":[],\"errorFile\":null}");
	}

	@Test
	void incidentThatIsUnknownIs404WithReason() throws Exception {
		assertResponse(application.get("/incidents/7"), 404,
				"{\"reason\":\"There is no incident 7, or it is too long ago.\"}");
		assertResponse(application.post("/incidents/1/abort"), 404,
				"{\"reason\":\"There is no 'incidents': use 'reloads'.\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/incidents/", "/reloads/" })
	void idThatIsNoNumberIs400WithReason(String path) throws Exception {
		assertResponse(application.get(path + "last"), 400, "{\"reason\":\"'last' is no id: use a number.\"}");
		assertResponse(application.get(path + "9999999999"), 400,
				"{\"reason\":\"'9999999999' is no id: use a number.\"}");
	}

	@Test
	void incidentsWhenPrimaryDoesNotAnswerIs503WithReason() throws Exception {
		operations.loseThePrimary();
		assertResponse(application.get("/incidents"), 503, UNAVAILABLE);
		assertResponse(application.get("/incidents/1"), 503, UNAVAILABLE);
	}

	@Test
	void abortEndsTheReloadThatRuns() throws Exception {
		HttpResponse<String> response = application.post("/reloads/3/abort");
		assertResponse(response, 202, ABORTED);
		assertLocation(response, "/actuator/cluster/reloads/3");
		assertThat(operations.asked()).containsExactly("abort 3");
	}

	@Test
	void reloadSaysWhereItIs() throws Exception {
		assertLocation(application.post("/reload"), "/actuator/cluster/reloads/3");
		assertLocation(application.post("/reload?a=/b", "{\"strategy\":\"parallel\"}"), "/actuator/cluster/reloads/3");
	}

	@Test
	void answersThatLeadNowhereHaveNoLocation() throws Exception {
		for (HttpResponse<String> response : List.of(application.get(), application.get("/reloads/2"),
				application.post("/shutdown"), application.post("/reloads/2/abort"), application.post("/restart"))) {
			assertThat(response.headers().firstValue("Location")).isEmpty();
			assertThat(response.body()).doesNotContain("_links");
		}
	}

	@Test
	void locationIsBelowTheApplicationsOwnPaths() throws Exception {
		try (EndpointApplication other = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.UNRESTRICTED), "server.servlet.context-path=/shop",
				"spring.mvc.servlet.path=/web", "management.endpoints.web.base-path=/manage",
				"management.endpoints.web.path-mapping.cluster=workers", "test.base=/shop/web/manage/workers")) {
			String reload = "/shop/web/manage/workers/reloads/3";
			assertLocation(other.post("/reload"), reload);
			assertLocation(other.post("/reloads/3/abort"), reload);
			assertThat(other.post("/reload").body()).contains("\"href\":\"" + reload + "\"");
		}
	}

	@Test
	void locationWhenEndpointIsAtTheRootIsBelowIt() throws Exception {
		try (EndpointApplication other = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.UNRESTRICTED), "management.endpoints.web.base-path=/",
				"test.base=/cluster")) {
			assertLocation(other.post("/reload"), "/cluster/reloads/3");
		}
	}

	@Test
	void locationBehindProxyHasThePrefixThatTheProxyTells() throws Exception {
		try (EndpointApplication other = EndpointApplication.start(operations,
				new CallerCheck(WriteAccess.UNRESTRICTED), "server.forward-headers-strategy=framework")) {
			assertLocation(other.postWithHeaders("/reload", "X-Forwarded-Prefix", "/outside"),
					"/outside/actuator/cluster/reloads/3");
		}
	}

	@Test
	void reloadWithoutRequestHasNoLink() {
		ReloadDescriptor reload = (ReloadDescriptor) new ClusterEndpoint(operations, operations::onBehalfOf,
				new CallerCheck(WriteAccess.UNRESTRICTED), () -> true)
			.operate("reload")
			.getBody();
		assertThat(reload.links()).isNull();
	}

	@Test
	void abortOfWhatDoesNotRunIs404WithReason() throws Exception {
		assertResponse(application.post("/reloads/2/abort"), 404, "{\"reason\":\"Reload 2 does not run.\"}");
		assertResponse(application.post("/reloads/3/stop"), 404,
				"{\"reason\":\"There is no operation 'stop' of a reload: use 'abort'.\"}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "rolling", "parallel" })
	void reloadWithStrategyInBodyUsesIt(String strategy) throws Exception {
		assertResponse(application.post("/reload", "{\"strategy\":\"" + strategy + "\"}"), 202,
				RELOAD.formatted(strategy));
		assertThat(operations.asked()).containsExactly("reload " + strategy.toUpperCase(Locale.ROOT));
	}

	@ParameterizedTest
	@ValueSource(strings = { "canary", "Rolling", "" })
	void reloadWithUnknownStrategyIs400AndSaysWhatIsAllowed(String strategy) throws Exception {
		assertResponse(application.post("/reload", "{\"strategy\":\"" + strategy + "\"}"), 400,
				"{\"reason\":\"There is no strategy '" + strategy + "': use 'rolling' or 'parallel'.\"}");
		assertThat(operations.asked()).isEmpty();
	}

	@Test
	void reloadWhenPrimaryDoesNotAnswerIs503WithReason() throws Exception {
		operations.loseThePrimary();
		assertResponse(application.post("/reload"), 503, UNAVAILABLE);
	}

	@Test
	void scaleToMoreThanIsAllowedIs400WithTheReason() throws Exception {
		assertResponse(application.post("/scale", "{\"workers\":100}"), 400, "{\"reason\":\"Too many.\"}");
	}

	@Test
	void scaleIs202WithTheTarget() throws Exception {
		assertResponse(application.post("/scale", "{\"workers\":4}"), 202, "{\"target\":4}");
		assertThat(operations.asked()).containsExactly("scale 4");
	}

	@ParameterizedTest
	@ValueSource(strings = { "{}", "{\"workers\":0}", "{\"workers\":-1}" })
	void scaleWithoutAUsableNumberIs400(String body) throws Exception {
		assertThat(application.post("/scale", body).statusCode()).isEqualTo(400);
		assertThat(operations.asked()).isEmpty();
	}

	@Test
	void shutdownIs202() throws Exception {
		assertResponse(application.post("/shutdown"), 202, "{\"state\":\"stopping\"}");
		assertThat(operations.asked()).containsExactly("shutdown");
	}

	@Test
	void shutdownWhenPrimaryDoesNotAnswerIs503WithReason() throws Exception {
		operations.loseThePrimary();
		assertResponse(application.post("/shutdown"), 503, UNAVAILABLE);
	}

	@Test
	void unknownOperationIs404AndSaysWhatThereIs() throws Exception {
		assertResponse(application.post("/restart"), 404,
				"{\"reason\":\"There is no operation 'restart': use 'reload', 'scale' or 'shutdown'.\"}");
	}

	@Test
	void pathWinsOverParameters() throws Exception {
		assertThat(application.post("/reload?operation=shutdown").statusCode()).isEqualTo(403);
		HttpResponse<String> response = application.post("/reload", "{\"operation\":\"shutdown\"}");
		assertResponse(response, 403,
				"{\"reason\":\"The request's path says 'reload' " + "but its parameters say 'shutdown'.\"}");
		assertThat(operations.asked()).isEmpty();
	}

	@Test
	void pathWinsOverParametersOfGet() throws Exception {
		for (String path : List.of("/reloads?operation=incidents", "/reloads/1?operation=incidents")) {
			assertResponse(application.get(path), 403,
					"{\"reason\":\"The request's path says 'reloads' but its parameters say 'incidents'.\"}");
		}
	}

	private static void assertLocation(HttpResponse<String> response, String path) {
		assertThat(response.statusCode()).isEqualTo(202);
		assertThat(response.headers().allValues("Location")).containsExactly(path);
	}

	private static void assertResponse(HttpResponse<String> response, int status, String body) {
		assertThat(response.body()).isEqualTo(body);
		assertThat(response.statusCode()).isEqualTo(status);
	}

}
