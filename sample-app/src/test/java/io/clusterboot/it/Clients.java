package io.clusterboot.it;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that send one request after the other in the background until they are stopped,
 * and remember what went wrong.
 */
final class Clients implements AutoCloseable {

	private final Exchange exchange;

	private final AtomicInteger succeeded = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean stopped;

	private Clients(Exchange exchange) {
		this.exchange = exchange;
	}

	/**
	 * Clients that open a new connection for every request.
	 * @param port the port
	 * @param path what to get
	 * @param count how many clients
	 * @return the clients, started
	 */
	static Clients connecting(int port, String path, int count) {
		return connecting(port, path, count, Duration.ofMillis(2));
	}

	/**
	 * Clients that open a new connection for every request, at their leisure.
	 * @param port the port
	 * @param path what to get
	 * @param count how many clients
	 * @param pause how long each waits after every request
	 * @return the clients, started
	 */
	static Clients connecting(int port, String path, int count, Duration pause) {
		Clients clients = new Clients(() -> HttpReply.get(port, path).status());
		for (int i = 0; i < count; i++) {
			clients.start(pause);
		}
		return clients;
	}

	/**
	 * Clients that POST through one {@link HttpClient}, whose pool keeps connections
	 * alive between requests. The JDK never retries a POST; that it retries no failed
	 * connect either is a system property of the test JVM.
	 * @param port the port
	 * @param count how many clients
	 * @return the clients, started
	 */
	static Clients pooledPosts(int port, int count) {
		HttpClient client = HttpClient.newBuilder()
			.version(Version.HTTP_1_1)
			.connectTimeout(Duration.ofSeconds(10))
			.build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/upload"))
			.timeout(Duration.ofSeconds(30))
			.POST(BodyPublishers.ofString("a small body"))
			.build();
		Clients clients = new Clients(() -> client.send(request, BodyHandlers.discarding()).statusCode());
		for (int i = 0; i < count; i++) {
			// Pauses of many lengths: idle connections of every age when a drain begins
			clients.start(Duration.ofMillis(3L + 3L * i * i));
		}
		return clients;
	}

	private void start(Duration pause) {
		Thread thread = new Thread(() -> loop(pause.toNanos()), "client-" + this.threads.size());
		thread.setDaemon(true);
		thread.start();
		this.threads.add(thread);
	}

	private void loop(long pause) {
		while (!this.stopped) {
			try {
				int status = this.exchange.send();
				if (status == 200) {
					this.succeeded.incrementAndGet();
				}
				else {
					this.failures.add("Status " + status);
				}
			}
			catch (ConnectException ex) {
				this.refused.incrementAndGet();
			}
			catch (IOException ex) {
				this.failures.add(ex.toString());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
			LockSupport.parkNanos(pause);
		}
	}

	int succeeded() {
		return this.succeeded.get();
	}

	/**
	 * How many connections were refused.
	 * @return the number
	 */
	int refused() {
		return this.refused.get();
	}

	/**
	 * What went wrong on connections that were not refused.
	 * @return what was seen
	 */
	List<String> failures() {
		return List.copyOf(this.failures);
	}

	@Override
	public void close() {
		this.stopped = true;
		for (Thread thread : this.threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}
	}

	/**
	 * One request.
	 */
	@FunctionalInterface
	private interface Exchange {

		int send() throws IOException, InterruptedException;

	}

}
