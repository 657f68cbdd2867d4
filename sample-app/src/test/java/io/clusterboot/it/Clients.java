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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that send one request after the other in the background until they are stopped,
 * and remember what went wrong. A request without an answer in time is a failure. Whoever
 * closes them without having stopped them asserts that nothing has failed.
 */
final class Clients implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	// Without it they would take the processors from what starts meanwhile
	private static final Duration PAUSE = Nightly.orElse(Duration.ofMillis(3), Duration.ofMillis(30));

	private final Exchange exchange;

	private final Duration patience;

	private final AtomicInteger succeeded = new AtomicInteger();

	private final AtomicInteger refused = new AtomicInteger();

	private final Queue<String> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean stopped;

	private Clients(Duration patience, Exchange exchange) {
		this.patience = patience;
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
		return connecting(port, path, count, PATIENCE);
	}

	/**
	 * Clients that open a new connection for every request.
	 * @param port the port
	 * @param path what to get
	 * @param count how many clients
	 * @param patience how long an answer may take
	 * @return the clients, started
	 */
	static Clients connecting(int port, String path, int count, Duration patience) {
		Clients clients = new Clients(patience, () -> HttpReply.get(port, path, patience).status());
		for (int i = 0; i < count; i++) {
			clients.start(PAUSE);
		}
		return clients;
	}

	/**
	 * Clients that POST through one {@link HttpClient}, whose pool keeps connections
	 * alive between requests. The JDK never retries a POST; that it retries no failed
	 * connect either, and lets go of idle connections after a second, are system
	 * properties of the test JVM.
	 * @param port the port
	 * @param count how many clients
	 * @return the clients, started
	 */
	static Clients pooledPosts(int port, int count) {
		HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(PATIENCE).build();
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/upload"))
			.timeout(PATIENCE)
			.POST(BodyPublishers.ofString("a small body"))
			.build();
		Clients clients = new Clients(PATIENCE, () -> client.send(request, BodyHandlers.discarding()).statusCode());
		for (int i = 0; i < count; i++) {
			// Pauses of many lengths: idle connections of every age when a drain begins
			clients.start(PAUSE.multipliedBy(1L + (long) i * i));
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
			Instant start = Instant.now();
			try {
				int status = this.exchange.send();
				if (status == 200) {
					this.succeeded.incrementAndGet();
				}
				else {
					fail(start, "status " + status);
				}
			}
			catch (ConnectException ex) {
				this.refused.incrementAndGet();
			}
			catch (IOException | RuntimeException ex) {
				fail(start, ex.toString());
			}
			catch (InterruptedException ex) {
				fail(start, "interrupted");
				return;
			}
			LockSupport.parkNanos(pause);
		}
	}

	private void fail(Instant start, String what) {
		Instant end = Instant.now();
		this.failures.add("%s after %d ms: %s".formatted(end, Duration.between(start, end).toMillis(), what));
	}

	/**
	 * How many requests were answered with 200 until now.
	 * @return the number
	 */
	int succeeded() {
		return this.succeeded.get();
	}

	/**
	 * How many connections were refused until now.
	 * @return the number
	 */
	int refused() {
		return this.refused.get();
	}

	/**
	 * Send no more requests, and wait for the answers to those that were sent.
	 * @return what went wrong on connections that were not refused
	 */
	List<String> stop() {
		this.stopped = true;
		long deadline = System.nanoTime() + this.patience.plusSeconds(5).toNanos();
		for (Thread thread : this.threads) {
			try {
				TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(1, deadline - System.nanoTime()));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
			if (thread.isAlive()) {
				this.failures.add(thread.getName() + " still waits for an answer");
			}
		}
		return List.copyOf(this.failures);
	}

	/**
	 * Stop, and assert that there were requests and that each was answered with 200.
	 */
	void assertNoneFailed() {
		assertThat(stop()).as("what failed besides %d requests", succeeded()).isEmpty();
		assertThat(refused()).as("refused connections").isZero();
		assertThat(succeeded()).as("answered requests").isPositive();
	}

	/**
	 * Stop, and assert that nothing but connections broke, as those do that a process had
	 * in its hands when it died. Nobody waited in vain or was refused.
	 * @param most how many may have broken
	 */
	void assertAtMostBroke(int most) {
		assertThat(stop()).as("what failed besides %d requests", succeeded())
			.hasSizeLessThanOrEqualTo(most)
			.allMatch((failure) -> failure.contains("SocketException") || failure.contains("EOFException"));
		assertThat(refused()).as("refused connections").isZero();
		assertThat(succeeded()).as("answered requests").isPositive();
	}

	@Override
	public void close() {
		if (!this.stopped) {
			assertNoneFailed();
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
