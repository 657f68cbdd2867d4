package io.clusterboot.cli.drill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.clusterboot.cli.drill.Sample.Result;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Load}, {@link HttpConnection} and {@link Window}, with a server that
 * answers as it is told.
 */
class LoadTests {

	private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

	private final AtomicInteger connections = new AtomicInteger();

	private final AtomicInteger requests = new AtomicInteger();

	private ServerSocket server;

	// Nothing: the connection breaks
	private volatile String answer = OK;

	private volatile boolean silent;

	@BeforeEach
	void listen() throws IOException {
		this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		start(() -> {
			while (true) {
				Socket socket = this.server.accept();
				this.connections.incrementAndGet();
				start(() -> serve(socket));
			}
		});
	}

	@AfterEach
	void close() throws IOException {
		this.server.close();
	}

	@Test
	void halfOfTheConnectionsAreKept() {
		Window window = load(20);
		assertThat(window.samples()).allMatch((sample) -> sample.result() != Result.BROKEN);
		// One that is kept and in use when it is wanted makes another one
		assertThat(this.connections.get()).isBetween(this.requests.get() / 2, this.requests.get() * 4 / 5);
		assertThat(window.byPath()).containsOnlyKeys("/one", "/two");
	}

	@Test
	void everyKindOfAnswerIsUnderstood() {
		this.answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nok\r\n0\r\n\r\n";
		assertThat(load(6).count(Result.ANSWERED)).isPositive();
		this.answer = "HTTP/1.1 204 No Content\r\n\r\n";
		assertThat(load(6).count(Result.ANSWERED)).isPositive();
		this.answer = "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
		assertThat(load(6).failed().isEmpty()).isTrue();
	}

	@Test
	void whatFailsIsTold() {
		this.answer = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";
		Window busy = load(6);
		assertThat(busy.count(Result.ERROR)).isPositive();
		assertThat(busy.failed().describe()).contains("of /one (status 503)");
		this.answer = "";
		assertThat(load(6).failed().describe()).contains("closed without an answer");
		this.answer = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf";
		assertThat(load(6).count(Result.BROKEN)).isPositive();
	}

	@Test
	void requestsGoOnWhileOthersWait() {
		this.silent = true;
		Window window = load(10);
		assertThat(window.count(Result.PENDING)).isGreaterThanOrEqualTo(8);
		assertThat(window.slowest()).isPositive();
		assertThat(window.percentile(0.99)).isZero();
	}

	@Test
	void nobodyWhoListensIsRefused() throws IOException {
		this.server.close();
		try (Load load = new Load(this.server.getLocalPort(), List.of("/"), 100)) {
			Awaitility.await().until(() -> load.take().count(Result.REFUSED) > 0);
		}
	}

	@Test
	void percentileIsThatOfAnswers() {
		Window window = new Window(IntStream.rangeClosed(1, 100)
			.mapToObj((millis) -> new Sample("/", 0, Duration.ofMillis(millis), Result.ANSWERED, ""))
			.toList());
		assertThat(window.percentile(0.99)).isEqualTo(Duration.ofMillis(99));
		assertThat(window.percentile(1)).isEqualTo(window.slowest()).isEqualTo(Duration.ofMillis(100));
		assertThat(Words.requests(window)).isEqualTo("100 requests, p99 99 ms, slowest 100 ms");
		assertThat(window.without(List.of("/")).isEmpty()).isTrue();
	}

	private Window load(int least) {
		int before = this.requests.get();
		try (Load load = new Load(this.server.getLocalPort(), List.of("/one", "/two"), 100)) {
			Awaitility.await().until(() -> this.requests.get() >= before + least);
			load.stop((this.silent) ? Duration.ZERO : Duration.ofSeconds(5));
			return load.take();
		}
	}

	private void serve(Socket socket) throws IOException {
		try (socket) {
			BufferedReader reader = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
			boolean close = false;
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				close |= line.equals("Connection: close");
				if (line.isEmpty()) {
					this.requests.incrementAndGet();
					if (!this.silent) {
						String text = this.answer;
						socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
						if (close || text.isEmpty() || text.contains("Connection: close")) {
							return;
						}
					}
				}
			}
		}
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// the test is over, or the client
			}
		});
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * What a thread of the server does.
	 */
	private interface Task {

		void run() throws IOException;

	}

}
