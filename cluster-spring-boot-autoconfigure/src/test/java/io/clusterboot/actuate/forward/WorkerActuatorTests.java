package io.clusterboot.actuate.forward;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clusterboot.Cluster;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.contract.PeerAttribute;
import io.clusterboot.contract.WriteAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WorkerActuator}.
 */
@Timeout(60)
class WorkerActuatorTests {

	private static final ActuatorPaths PATHS = new ActuatorPaths("/actuator", "/actuator/cluster",
			List.of("cluster", "health"));

	private final Cluster cluster = Mockito.mock(Cluster.class);

	private final Map<String, List<String>> received = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

	private HttpServer worker;

	private WriteAccess access = WriteAccess.UNRESTRICTED;

	private boolean writable = true;

	@BeforeEach
	void start() throws IOException {
		this.worker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.worker.start();
		workers(worker(0, WorkerState.READY, this.worker.getAddress().getPort()));
	}

	@AfterEach
	void stop() {
		this.worker.stop(0);
		RequestContextHolder.resetRequestAttributes();
	}

	@Test
	void answerOfTheWorkerIsPassedOn() throws Exception {
		answers("/actuator/health", 503, "{\"status\":\"DOWN\"}");
		MockHttpServletResponse response = get("0/health");
		assertThat(response.getStatus()).isEqualTo(503);
		assertThat(response.getContentAsString()).isEqualTo("{\"status\":\"DOWN\"}");
		assertThat(response.getHeader("X-Worker")).isEqualTo("mine");
		assertThat(response.getHeader("Set-Cookie")).isNull();
		assertThat(response.getHeader("Connection")).isNull();
	}

	@Test
	void callersOwnHeadersGoOnButNotThoseOfTheConnectionOrOfWhoIsInBetween() throws Exception {
		answers("/actuator/health", 200, "");
		MockHttpServletRequest request = request("GET", "0/health");
		request.addHeader("Host", "app.example");
		request.addHeader("Accept", "application/json");
		request.addHeader("Authorization", "Basic abc");
		request.addHeader("Connection", "X-Hop");
		request.addHeader("X-Hop", "1");
		request.addHeader("X-Forwarded-For", "10.0.0.1");
		request.addHeader("Accept-Encoding", "gzip");
		handle(request);
		assertThat(this.received).containsEntry("Host", List.of("app.example"))
			.containsEntry("Accept", List.of("application/json"))
			.containsEntry("Authorization", List.of("Basic abc"))
			.doesNotContainKeys("X-Hop", "X-Forwarded-For", "Accept-Encoding");
	}

	@Test
	void bodyOfTheRequestGoesOnWhetherItsLengthIsKnownOrNot() throws Exception {
		CompletableFuture<String> body = new CompletableFuture<>();
		this.worker.createContext("/actuator/loggers/x", (exchange) -> {
			body.complete(exchange.getRequestMethod()
					+ new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		MockHttpServletRequest request = request("POST", "0/loggers/x");
		request.setContent("{\"configuredLevel\":\"DEBUG\"}".getBytes(StandardCharsets.UTF_8));
		assertThat(handle(request).getStatus()).isEqualTo(204);
		assertThat(body).isCompletedWithValue("POST{\"configuredLevel\":\"DEBUG\"}");
		byte[] large = new byte[1_000_000];
		Arrays.fill(large, (byte) 'a');
		CompletableFuture<Integer> length = new CompletableFuture<>();
		this.worker.createContext("/actuator/upload", (exchange) -> {
			length.complete(exchange.getRequestBody().readAllBytes().length);
			exchange.sendResponseHeaders(204, -1);
			exchange.close();
		});
		MockHttpServletRequest chunked = new MockHttpServletRequest("POST", "/actuator/cluster/workers/0/upload") {

			@Override
			public long getContentLengthLong() {
				return -1;
			}

		};
		chunked.addHeader("Transfer-Encoding", "chunked");
		chunked.setContent(large);
		assertThat(handle(chunked).getStatus()).isEqualTo(204);
		assertThat(length).isCompletedWithValue(large.length);
	}

	@Test
	void linksOfTheIndexLeadBackHere() throws Exception {
		answers("/actuator", 200, "{\"_links\":{\"self\":{\"href\":\"http://x/actuator\"},"
				+ "\"health\":{\"href\":\"http://x/actuator/health\"}}}");
		MockHttpServletResponse response = get("0");
		assertThat(response.getContentAsString()).contains("\"http://localhost/actuator/cluster/workers/0/health\"")
			.doesNotContain("http://x");
		assertThat(response.getContentLength()).isEqualTo(response.getContentAsByteArray().length);
	}

	@Test
	void answerThatBreaksOffIsNeverTakenForAWholeOne() throws Exception {
		answersPartly("/actuator/short", 100);
		assertThat(get("0/short").getStatus()).isEqualTo(502);
		answersPartly("/actuator/long", 100_000);
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> get("0/long"))
			.withMessageContaining("worker 5 of slot 0 breaks off");
	}

	@Test
	void workerThatDoesNotAcceptIs504WithinSeconds() throws Exception {
		try (ServerSocket stopped = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			workers(worker(0, WorkerState.READY, stopped.getLocalPort()));
			long begin = System.nanoTime();
			MockHttpServletResponse response = get("0/health");
			assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
			assertThat(response.getStatus()).isEqualTo(504);
			assertThat(response.getContentAsString()).contains("worker 5 of slot 0 has not answered within 3 s");
		}
	}

	@Test
	void workerThatCannotBeReachedIs503WithReason() throws Exception {
		workers(worker(0, WorkerState.LISTENING, 0));
		assertRefused("0/health", 503, "has no side door, or has not started its web server yet");
		try (ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
			workers(worker(0, WorkerState.READY, taken.getLocalPort()));
		}
		assertRefused("0/health", 503, "worker 5 of slot 0 cannot be reached");
		BDDMockito.given(this.cluster.snapshot())
			.willThrow(new PrimaryUnavailableException("The primary did not answer", null));
		assertRefused("0/health", 503, "The primary did not answer");
	}

	@Test
	void slotWithoutWorkerIs503AndNoSlotIs404() throws Exception {
		assertRefused("1/health", 503, "Slot 1 has no worker now.");
		assertRefused("2/health", 404, "There is no slot 2: they are 0 to 1.");
		assertRefused("x/health", 404, "'x' is no slot");
	}

	@Test
	void ofTwoWorkersInASlotTheOneThatServesAnswers() throws Exception {
		answers("/actuator/health", 200, "UP");
		workers(worker(0, WorkerState.PARKED, 0), worker(0, WorkerState.READY, this.worker.getAddress().getPort()),
				worker(0, WorkerState.FORKED, 0));
		assertThat(get("0/health").getContentAsString()).isEqualTo("UP");
	}

	@Test
	void whoeverMayNotWriteReadsNothing() throws Exception {
		this.access = WriteAccess.LOCAL;
		assertRefused("0/health", 403, "It is not known which process the request comes from.");
		this.access = WriteAccess.UNRESTRICTED;
		MockHttpServletRequest page = request("GET", "0/heapdump");
		page.addHeader("Sec-Fetch-Site", "cross-site");
		assertThat(handle(page).getStatus()).isEqualTo(403);
		Mockito.verifyNoInteractions(this.cluster);
	}

	@Test
	void nobodyWritesWhereTheEndpointIsReadOnly() throws Exception {
		answers("/actuator/loggers/x", 200, "{}");
		this.writable = false;
		assertThat(get("0/loggers/x").getStatus()).isEqualTo(200);
		MockHttpServletResponse response = handle(request("POST", "0/loggers/x"));
		assertThat(response.getStatus()).isEqualTo(403);
		assertThat(response.getContentAsString()).contains("management.endpoint.cluster.access");
	}

	@Test
	void requestThatCameByTheSideDoorGoesNoFurther() throws Exception {
		MockHttpServletRequest request = request("GET", "0/health");
		request.setAttribute(PeerAttribute.SIDE_DOOR, true);
		assertThat(handle(request).getStatus()).isEqualTo(403);
	}

	private void answers(String path, int status, String body) {
		this.worker.createContext(path, (exchange) -> {
			this.received.putAll(exchange.getRequestHeaders());
			exchange.getResponseHeaders().add("Content-Type", "application/json");
			exchange.getResponseHeaders().add("X-Worker", "mine");
			exchange.getResponseHeaders().add("Set-Cookie", "JSESSIONID=1");
			respond(exchange, status, body.getBytes(StandardCharsets.UTF_8));
		});
	}

	private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
		exchange.sendResponseHeaders(status, (body.length > 0) ? body.length : -1);
		try (OutputStream out = exchange.getResponseBody()) {
			out.write(body);
		}
	}

	private void answersPartly(String path, int length) throws IOException {
		ServerSocket socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
		workers(worker(0, WorkerState.READY, socket.getLocalPort()));
		CompletableFuture.runAsync(() -> {
			try (socket; Socket connection = socket.accept()) {
				byte[] head = new byte[8192];
				assertThat(connection.getInputStream().read(head)).isPositive();
				connection.getOutputStream()
					.write("HTTP/1.1 200 \r\nContent-Length: %d\r\n\r\n".formatted(length + 1).getBytes());
				connection.getOutputStream().write(new byte[length]);
			}
			catch (IOException ex) {
				throw new IllegalStateException(path, ex);
			}
		});
	}

	private void workers(WorkerSnapshot... workers) {
		BDDMockito
			.willReturn(new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(4242, Instant.EPOCH), 8080, 2, 1,
					List.of(workers), List.of(), List.of(), null, null))
			.given(this.cluster)
			.snapshot();
	}

	private static WorkerSnapshot worker(int slot, WorkerState state, int sideDoor) {
		return new WorkerSnapshot(5, slot, 4301, 1, state, Instant.EPOCH, null, 0, sideDoor, WorkerMetrics.NONE);
	}

	private void assertRefused(String path, int status, String reason) throws Exception {
		MockHttpServletResponse response = get(path);
		assertThat(response.getStatus()).isEqualTo(status);
		assertThat(response.getContentType()).startsWith("application/json");
		assertThat(response.getContentAsString()).startsWith("{\"reason\":\"").contains(reason);
	}

	private MockHttpServletResponse get(String path) throws Exception {
		return handle(request("GET", path));
	}

	private static MockHttpServletRequest request(String method, String path) {
		return new MockHttpServletRequest(method, "/actuator/cluster/workers/" + path);
	}

	private MockHttpServletResponse handle(MockHttpServletRequest request) throws Exception {
		MockHttpServletResponse response = new MockHttpServletResponse();
		RequestContextHolder.setRequestAttributes(new ServletRequestAttributes(request, response));
		new WorkerActuator(this.cluster, new CallerCheck(this.access), () -> this.writable, () -> false, PATHS)
			.handleRequest(request, response);
		return response;
	}

}
