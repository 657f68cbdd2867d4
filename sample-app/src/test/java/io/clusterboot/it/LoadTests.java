package io.clusterboot.it;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.clusterboot.it.load.Failure;
import io.clusterboot.it.load.LoadClient;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Load}, with the process that it starts.
 */
class LoadTests {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger requests = new AtomicInteger();

	private HttpServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		this.server.setExecutor(this.threads);
		this.server.createContext("/", this::answer);
		this.server.start();
	}

	// Every tenth with an error
	private void answer(HttpExchange exchange) throws IOException {
		try (exchange) {
			exchange.sendResponseHeaders((this.requests.incrementAndGet() % 10 == 0) ? 500 : 200, -1);
		}
	}

	@AfterEach
	void stop() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	@Test
	void stopReportsEveryRequest() throws IOException {
		try (Load load = Load.start(port(), 2)) {
			Awaitility.await().until(() -> this.requests.get() > 20);
			assertThat(niceness(loadPid())).isEqualTo(Math.min(19, niceness(ProcessHandle.current().pid()) + 19));
			Load.Result result = load.stop();
			assertThat(result.complete()).isEqualTo(this.requests.get());
			assertThat(result.failed()).isEqualTo(this.requests.get() / 10);
			assertThat(result.failed(Failure.STATUS)).isEqualTo(result.failed());
			assertThat(result.slowest()).isPositive();
			assertThat(result.output()).contains("status 500");
			assertThat(load.isAlive()).isFalse();
		}
	}

	@Test
	void awaitReportsAsManyAsWereAskedFor() {
		try (Load load = Load.keepingAlive(port()).concurrency(2).requests(50).start()) {
			assertThat(load.await().complete()).isEqualTo(50);
			assertThat(this.requests).hasValue(50);
		}
	}

	private long loadPid() {
		return ProcessHandle.current()
			.children()
			.filter((child) -> child.info().commandLine().orElse("").contains(LoadClient.class.getName()))
			.findFirst()
			.orElseThrow()
			.pid();
	}

	private int niceness(long pid) throws IOException {
		String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
		// The 19th, of which one is the name in parentheses
		return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
	}

	private int port() {
		return this.server.getAddress().getPort();
	}

}
