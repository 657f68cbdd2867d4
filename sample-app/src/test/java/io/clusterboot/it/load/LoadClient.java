package io.clusterboot.it.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * Sends requests to one port as fast as they are answered, on one thread, and is strict
 * about each of them.
 * <p>
 * A request ends when its answer is complete. If the answer was to be the connection's
 * last (which {@code --mode=connect} asks for, and which a server announces with
 * {@code Connection: close}), it ends when the server has closed the connection: who
 * closes first keeps the pair of ports in {@code TIME_WAIT} for a minute, and a client
 * with 28,000 ports could not go on. A connection that is closed with a request on it,
 * written and not completely answered, is a failure. One that is seen closed before a
 * request is written, announced or not, is none: the next request opens another.
 * <p>
 * At SIGINT or SIGTERM it begins no further request and waits for those in flight, each
 * of which has its deadline.
 */
public final class LoadClient {

	private static final Duration TICK = Duration.ofMillis(10);

	private final LoadOptions options;

	private final Report report;

	private final Selector selector;

	private final SocketAddress address;

	private final ByteBuffer request;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);

	private long left;

	private volatile boolean stopped;

	LoadClient(LoadOptions options) throws IOException {
		this.options = options;
		this.report = new Report(options.deadline());
		this.selector = Selector.open();
		this.address = new InetSocketAddress("127.0.0.1", options.port());
		byte[] request = options.request().getBytes(StandardCharsets.US_ASCII);
		this.request = ByteBuffer.allocateDirect(request.length).put(request);
		this.left = options.requests();
	}

	/**
	 * Print a report of all requests when they have ended, and exit with 1 if any failed.
	 * @param args see {@link LoadOptions}
	 * @throws IOException if nothing could even be begun
	 */
	public static void main(String[] args) throws IOException {
		LoadClient client = new LoadClient(LoadOptions.parse(args));
		CountDownLatch ended = new CountDownLatch(1);
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			client.stop();
			awaitUninterrupted(ended);
		}, "load-stop"));
		try {
			System.out.print(client.run());
			System.out.flush();
		}
		finally {
			ended.countDown();
		}
		System.exit((client.report().failed() > 0) ? 1 : 0);
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Send no more requests.
	 */
	void stop() {
		this.stopped = true;
	}

	/**
	 * Send the requests and wait for the end of each.
	 * @return what came of them
	 * @throws IOException if the connections cannot be watched
	 */
	Report run() throws IOException {
		List<Session> sessions = Stream.generate(() -> new Session(this)).limit(this.options.concurrency()).toList();
		long begin = System.nanoTime();
		long end = begin + this.options.time().toNanos();
		long looked = begin;
		long ticked = begin;
		sessions.forEach((session) -> session.tick(begin));
		while (!sessions.stream().allMatch(Session::isOver)) {
			looked = System.nanoTime();
			this.selector.select(this::ready, TICK.toMillis());
			if (looked - ticked >= TICK.toNanos()) {
				long now = looked;
				ticked = looked;
				if (now > end) {
					this.stopped = true;
				}
				sessions.forEach((session) -> session.tick(now));
			}
			this.report.lagged(System.nanoTime() - looked - TICK.toNanos());
		}
		this.selector.close();
		this.report.ended(Duration.ofNanos(System.nanoTime() - begin));
		return this.report;
	}

	private void ready(SelectionKey key) {
		((Session) key.attachment()).ready(key);
	}

	/**
	 * Take one of the requests that are still to be sent.
	 * @return whether there was any
	 */
	boolean take() {
		if (this.stopped || this.left == 0) {
			return false;
		}
		this.left--;
		return true;
	}

	boolean isStopped() {
		return this.stopped;
	}

	Report report() {
		return this.report;
	}

	Selector selector() {
		return this.selector;
	}

	SocketAddress address() {
		return this.address;
	}

	ByteBuffer request() {
		return this.request.rewind();
	}

	ByteBuffer buffer() {
		return this.buffer;
	}

	boolean keepAlive() {
		return this.options.keepAlive();
	}

	long deadline() {
		return this.options.deadline().toNanos();
	}

	long pause() {
		return this.options.pause().toNanos();
	}

}
