package io.clusterboot.it.load;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoadClient}.
 */
class LoadClientTests {

	private static final String LAST_ANSWER = "HTTP/1.1 200 OK\r\nconnection: Close\r\nContent-Length: 5\r\n\r\nHello";

	@Test
	void connectWhenAnsweredOpensConnectionForEachRequest() throws Exception {
		try (ScriptedServer server = answering(ScriptedServer.ANSWER)) {
			Report report = run(server, "--concurrency=4", "--requests=20");
			assertAnswered(report, 20);
			assertThat(server.connections()).isEqualTo(20);
		}
	}

	@Test
	void keepAliveWhenAnsweredOpensConnectionForEachClient() throws Exception {
		try (ScriptedServer server = keepingAlive(ScriptedServer.ANSWER)) {
			Report report = run(server, "--mode=keep-alive", "--concurrency=4", "--requests=100");
			assertAnswered(report, 100);
			assertThat(server.connections()).isEqualTo(4);
		}
	}

	@Test
	void keepAliveWhenTimeIsUpEnds() throws Exception {
		try (ScriptedServer server = keepingAlive(ScriptedServer.ANSWER)) {
			Report report = run(server, "--mode=keep-alive", "--requests=1000000", "--seconds=0");
			assertThat(report.complete()).isEqualTo(server.requests()).isPositive();
			assertThat(report.failed()).isZero();
		}
	}

	@Test
	void keepAliveWhenConnectionIsClosedAsAnnouncedOpensAnother() throws Exception {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.read();
			connection.write(ScriptedServer.ANSWER);
			connection.read();
			connection.write(LAST_ANSWER);
		})) {
			assertAnswered(run(server, "--mode=keep-alive", "--requests=10"), 10);
			assertThat(server.connections()).isEqualTo(5);
		}
	}

	@Test
	void keepAliveWhenIdleConnectionIsClosedOpensAnother() throws Exception {
		try (ScriptedServer server = answering(ScriptedServer.ANSWER)) {
			assertAnswered(run(server, "--mode=keep-alive", "--requests=3", "--pause-millis=100"), 3);
			assertThat(server.connections()).isEqualTo(3);
		}
	}

	@Test
	void keepAliveWhenConnectionIsClosedWithRequestOnItCountsClosed() throws Exception {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.read();
			connection.write(ScriptedServer.ANSWER);
			connection.read();
		})) {
			Report report = run(server, "--mode=keep-alive", "--requests=2");
			assertThat(report.complete()).isEqualTo(2);
			assertFailed(report, Failure.CLOSED, 1);
		}
	}

	@Test
	void keepAliveWhenIdleConnectionGetsBytesCountsLength() throws Exception {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.read();
			connection.write(ScriptedServer.ANSWER);
			connection.write("!");
			connection.hang();
		})) {
			assertFailed(run(server, "--mode=keep-alive", "--pause-millis=100"), Failure.LENGTH, 1);
		}
	}

	@Test
	void chunkedAnswerInPiecesIsComplete() throws Exception {
		String answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
				+ "5\r\nHello\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.read();
			for (char next : answer.toCharArray()) {
				connection.write(String.valueOf(next));
			}
		})) {
			assertAnswered(run(server), 1);
		}
	}

	@Test
	void answerWithoutBodyIsComplete() throws Exception {
		try (ScriptedServer server = answering("HTTP/1.1 204 No Content\r\n\r\n")) {
			assertAnswered(run(server), 1);
		}
	}

	@Test
	void connectWhenNobodyListensCountsRefused() throws Exception {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		assertFailed(run(port, "--concurrency=2", "--requests=4"), Failure.REFUSED, 4);
	}

	@Test
	void connectWhenQueueIsFullCountsConnectTimeout() throws Exception {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			Report report = run(socket.getLocalPort(), "--concurrency=4", "--requests=4", "--deadline-millis=100");
			// Linux lets one more in than it was asked to
			assertThat(failures(report)).isEqualTo(new EnumMap<>(Map.of(Failure.HUNG, 2, Failure.CONNECT_TIMEOUT, 2)));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 200 OK\r\nContent-Le", ScriptedServer.ANSWER })
	void resetIsCountedBeforeAnswerInItAndInsteadOfEnd(String answer) throws Exception {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.read();
			connection.write(answer);
			connection.reset();
		})) {
			assertFailed(run(server), Failure.RESET, 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHell",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello\r\n" })
	void endOfFileBeforeEndOfAnswerIsCountedAsClosed(String answer) throws Exception {
		try (ScriptedServer server = answering(answer)) {
			assertFailed(run(server), Failure.CLOSED, 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
			"HTTP/1.1 200 OK\r\nNo header\r\n\r\n", "HTTP/1.1 200 OK\r\nX: \0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nHello" })
	void whatIsNotHttpIsCountedAsGarbled(String answer) throws Exception {
		try (ScriptedServer server = answering(answer)) {
			assertFailed(run(server), Failure.GARBLED, 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { ScriptedServer.ANSWER + "!", "HTTP/1.1 200 OK\r\n\r\nHello",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHello!\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfive\r\nHello\r\n0\r\n\r\n",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHello" })
	void lengthThatDiffersFromTheAnnouncedIsCounted(String answer) throws Exception {
		try (ScriptedServer server = answering(answer)) {
			assertFailed(run(server), Failure.LENGTH, 1);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 302, 404, 500, 503 })
	void statusOtherThan2xxIsCounted(int status) throws Exception {
		try (ScriptedServer server = keepingAlive("HTTP/1.1 " + status + " \r\nContent-Length: 2\r\n\r\nNo")) {
			Report report = run(server, "--mode=keep-alive", "--requests=3");
			assertFailed(report, Failure.STATUS, 3);
			assertThat(report.texts()).hasSize(3).allSatisfy((text) -> assertThat(text).contains("status " + status));
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nHell", ScriptedServer.ANSWER })
	void exchangeThatDoesNotEndWithinDeadlineIsCountedAsHung(String answer) throws Exception {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.read();
			connection.write(answer);
			connection.hang();
		})) {
			assertFailed(run(server, "--deadline-millis=100"), Failure.HUNG, 1);
		}
	}

	@Test
	void firstFailuresAreTold() throws Exception {
		try (ScriptedServer server = answering("")) {
			Report report = run(server, "--requests=10");
			assertFailed(report, Failure.CLOSED, 10);
			assertThat(report.texts()).hasSize(5)
				.allSatisfy((text) -> assertThat(text)
					.matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} closed after \\d+ ms: end of file, no answer"));
		}
	}

	@Test
	void lackOfPortsIsTheClientsOwn() {
		assertThat(Failure.of(new BindException("Cannot assign requested address"))).isEqualTo(Failure.CLIENT);
	}

	@Test
	void stopWhenRequestIsInFlightWaitsForItsAnswer() throws Exception {
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.read();
			stopped.join();
			connection.write(ScriptedServer.ANSWER);
		})) {
			LoadClient client = client(server.port(), "--requests=2");
			CompletableFuture<Report> report = start(client);
			Awaitility.await().until(() -> server.requests() == 1);
			client.stop();
			stopped.complete(null);
			assertThat(report).succeedsWithin(Duration.ofSeconds(5));
			assertAnswered(report.join(), 1);
			assertThat(server.requests()).isEqualTo(1);
		}
	}

	@Test
	void stopWhenRequestIsNeverAnsweredCountsHung() throws Exception {
		try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::hang)) {
			LoadClient client = client(server.port(), "--requests=2", "--deadline-millis=2000");
			CompletableFuture<Report> report = start(client);
			Awaitility.await().until(() -> server.connections() == 1);
			client.stop();
			assertThat(report).succeedsWithin(Duration.ofSeconds(5));
			assertFailed(report.join(), Failure.HUNG, 1);
		}
	}

	private static ScriptedServer answering(String answer) throws IOException {
		return new ScriptedServer((connection) -> {
			connection.read();
			connection.write(answer);
		});
	}

	private static ScriptedServer keepingAlive(String answer) throws IOException {
		return new ScriptedServer((connection) -> {
			while (connection.read()) {
				connection.write(answer);
			}
		});
	}

	private static Report run(ScriptedServer server, String... options) throws IOException {
		return run(server.port(), options);
	}

	private static Report run(int port, String... options) throws IOException {
		CompletableFuture<Report> report = start(client(port, options));
		assertThat(report).succeedsWithin(Duration.ofSeconds(5));
		return report.join();
	}

	private static LoadClient client(int port, String... options) throws IOException {
		List<String> args = new ArrayList<>(List.of("--port=" + port, "--requests=1"));
		args.addAll(List.of(options));
		return new LoadClient(LoadOptions.parse(args.toArray(String[]::new)));
	}

	private static CompletableFuture<Report> start(LoadClient client) {
		CompletableFuture<Report> report = new CompletableFuture<>();
		Thread thread = new Thread(() -> report.completeAsync(() -> run(client), Runnable::run), "load-client");
		thread.setDaemon(true);
		thread.start();
		return report;
	}

	private static Report run(LoadClient client) {
		try {
			return client.run();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void assertAnswered(Report report, int count) {
		assertThat(failures(report)).as(report.toString()).isEmpty();
		assertThat(report.complete()).isEqualTo(count);
	}

	private static void assertFailed(Report report, Failure kind, int count) {
		assertThat(failures(report)).as(report.toString()).isEqualTo(Map.of(kind, count));
	}

	private static Map<Failure, Integer> failures(Report report) {
		Map<Failure, Integer> failures = new EnumMap<>(Failure.class);
		for (Failure kind : Failure.values()) {
			if (report.failed(kind) > 0) {
				failures.put(kind, report.failed(kind));
			}
		}
		return failures;
	}

}
