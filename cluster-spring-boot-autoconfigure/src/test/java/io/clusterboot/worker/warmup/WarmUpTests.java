package io.clusterboot.worker.warmup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clusterboot.contract.WarmUpRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WarmUp}.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class WarmUpTests {

	private static final Duration SHORT = Duration.ofMillis(300);

	private static final Duration LONG = Duration.ofSeconds(30);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger requests = new AtomicInteger();

	private final Set<String> seen = ConcurrentHashMap.newKeySet();

	private final Set<String> hosts = ConcurrentHashMap.newKeySet();

	private final Set<InetSocketAddress> connections = ConcurrentHashMap.newKeySet();

	private HttpServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext("/fast", (exchange) -> answer(exchange, 200, 5));
		this.server.createContext("/chunked", (exchange) -> answer(exchange, 200, 0));
		this.server.createContext("/empty", (exchange) -> answer(exchange, 204, -1));
		this.server.createContext("/moved", (exchange) -> {
			exchange.getResponseHeaders().add("Location", "/elsewhere");
			answer(exchange, 302, -1);
		});
		this.server.createContext("/broken", (exchange) -> answer(exchange, 503, 5));
		this.server.createContext("/silent", (exchange) -> {
		});
		this.server.start();
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	@Test
	void requestsAreRepeatedUntilTheyGetNoFasterAndTheLogSaysWhatItWasWorth(CapturedOutput output) {
		assertThat(run(warmUp(LONG, 1, false, "/fast?a=b", "/chunked", "HEAD /fast"))).isNull();
		assertThat(this.requests).hasValueGreaterThan(10);
		assertThat(this.seen).containsExactlyInAnyOrder("GET /fast?a=b", "GET /chunked", "HEAD /fast");
		assertThat(output).containsPattern("Warm-up: first \\S+ ms, last \\S+ ms, \\d+ requests in \\S+ s")
			.doesNotContain("WARN");
	}

	@Test
	void whateverTheAnswerLooksLikeTheNextRequestIsUnderstood(CapturedOutput output) {
		assertThat(run(warmUp(LONG, 1, true, "/empty", "/chunked", "/moved", "HEAD /chunked", "/fast"))).isNull();
		assertThat(this.seen).hasSize(5).doesNotContain("GET /elsewhere");
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void requestsAreForThePortThatClientsUse() {
		run(warmUp(LONG, 1, false, "/fast"));
		assertThat(this.requests).hasPositiveValue();
		assertThat(this.hosts).containsExactly("localhost:8080 cluster-warm-up");
	}

	@Test
	void asManyRequestsAreSentAtTheSameTimeAsIsSaid() {
		this.server.createContext("/slow", (exchange) -> {
			Awaitility.await().pollDelay(SHORT.dividedBy(2)).until(() -> true);
			answer(exchange, 200, 5);
		});
		WarmUp warmUp = warmUp(LONG, 3, false, "/slow");
		run(warmUp);
		assertThat(this.connections).hasSize(3);
	}

	@Test
	void serverErrorsAreSaidInOneLine(CapturedOutput output) {
		assertThat(run(warmUp(LONG, 1, false, "/fast", "/broken"))).isNull();
		assertThat(output).containsOnlyOnce("WARN")
			.containsPattern("Warm-up: GET /broken was answered 503 \\(\\d+ times\\)");
	}

	@Test
	void serverErrorFailsTheStartAtOnceWhereThatIsRequired(CapturedOutput output) {
		assertThat(run(warmUp(LONG, 1, true, "/fast", "/broken")))
			.isEqualTo("the warm-up has failed: GET /broken was answered 503");
		assertThat(this.requests).hasValueLessThan(5);
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void serverThatDoesNotAnswerCostsNoMoreThanTheTime(CapturedOutput output) {
		WarmUp warmUp = warmUp(SHORT, 2, false, "/silent");
		long begin = System.nanoTime();
		assertThat(run(warmUp)).isNull();
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(SHORT.dividedBy(2), LONG);
		assertThat(output).contains("Warm-up: no request was answered within the time").doesNotContain("times");
		assertThat(run(warmUp(SHORT, 1, true, "/silent"))).contains("no request was answered within the time");
	}

	@Test
	void serverThatIsNotThereIsGivenUpSoon(CapturedOutput output) {
		this.server.stop(0);
		assertThat(run(warmUp(LONG, 1, false, "/fast"))).isNull();
		assertThat(output).contains("GET /fast was not answered (3 times)");
	}

	@Test
	void warmUpThatIsStoppedEndsAndSaysNothing(CapturedOutput output) {
		WarmUp warmUp = warmUp(LONG, 1, true, "/fast", "/broken");
		warmUp.stop();
		assertThat(run(warmUp)).isNull();
		assertThat(output).doesNotContain("Warm-up");
	}

	@Test
	void whatUsersAskForIsSentBesideWhatIsSet() {
		WarmUp warmUp = new WarmUp(new WarmUpSettings(List.of(WarmUpRequest.parse("/fast")), LONG, 1, false,
				new LearnedRequests("/actuator")));
		warmUp.learned(List.of("/chunked", "/fast", "/actuator/health", "no path"));
		run(warmUp);
		assertThat(this.seen).containsExactlyInAnyOrder("GET /fast", "GET /chunked");
	}

	@Test
	void whatUsersAskForIsNotSentWhereThatIsNotWanted() {
		WarmUp warmUp = warmUp(SHORT, 1, false);
		warmUp.learned(List.of("/chunked"));
		assertThat(warmUp.isWanted()).isFalse();
	}

	@Test
	void warmUpWithoutRequestsIsNotWanted() {
		assertThat(new WarmUp(WarmUpSettings.NONE).isWanted()).isFalse();
		assertThat(warmUp(SHORT, 1, false, "/").isWanted()).isTrue();
	}

	private static WarmUp warmUp(Duration duration, int concurrency, boolean required, String... requests) {
		List<WarmUpRequest> parsed = Arrays.stream(requests).map(WarmUpRequest::parse).toList();
		return new WarmUp(new WarmUpSettings(parsed, duration, concurrency, required, null));
	}

	private String run(WarmUp warmUp) {
		return warmUp.run(this.server.getAddress(), false, 8080);
	}

	private void answer(HttpExchange exchange, int status, long length) throws IOException {
		this.requests.incrementAndGet();
		this.seen.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
		this.hosts.add(exchange.getRequestHeaders().getFirst("Host") + " "
				+ exchange.getRequestHeaders().getFirst("User-Agent"));
		this.connections.add(exchange.getRemoteAddress());
		boolean head = exchange.getRequestMethod().equals("HEAD");
		exchange.sendResponseHeaders(status, (head) ? -1 : length);
		if (!head && length >= 0) {
			exchange.getResponseBody().write("hello".getBytes());
		}
		exchange.close();
	}

}
