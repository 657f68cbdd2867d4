package io.clusterboot.cli.drill;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.clusterboot.cli.drill.Sample.Result;

/**
 * Sends requests at a constant rate, whether those before have been answered or not, half
 * of them by connections that are kept.
 */
final class Load implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	// More that wait for an answer would only measure this machine's memory
	private static final int MOST_PENDING = 64;

	private static final int ERROR = 500;

	private final int port;

	private final List<String> paths;

	private final long period;

	private final Set<Request> pending = ConcurrentHashMap.newKeySet();

	private final Queue<Sample> ended = new ConcurrentLinkedQueue<>();

	private final Deque<HttpConnection> idle = new ConcurrentLinkedDeque<>();

	private volatile boolean stopped;

	/**
	 * Begin to send requests.
	 * @param port where to
	 * @param paths what for, in turn
	 * @param rate how many in a second
	 */
	Load(int port, List<String> paths, int rate) {
		this.port = port;
		this.paths = paths;
		this.period = TimeUnit.SECONDS.toNanos(1) / rate;
		start(this::run);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "drill-load");
		thread.setDaemon(true);
		thread.start();
	}

	private void run() {
		long due = System.nanoTime();
		for (int i = 0; !this.stopped; i++) {
			while (System.nanoTime() - due < 0) {
				LockSupport.parkNanos(due - System.nanoTime());
			}
			due += this.period;
			String path = this.paths.get(i % this.paths.size());
			boolean keep = i / this.paths.size() % 2 == 0;
			if (this.pending.stream().filter((request) -> request.path.equals(path)).count() < MOST_PENDING) {
				Request request = new Request(path, System.nanoTime());
				this.pending.add(request);
				start(() -> send(request, keep));
			}
		}
	}

	private void send(Request request, boolean keep) {
		Sample sample;
		try {
			int status = exchange(request.path, keep);
			sample = request.sample((status < ERROR) ? Result.ANSWERED : Result.ERROR, "status " + status);
		}
		catch (ConnectException ex) {
			sample = request.sample(Result.REFUSED, "refused");
		}
		catch (SocketTimeoutException ex) {
			sample = request.sample(Result.BROKEN, "no answer for %d s".formatted(PATIENCE.toSeconds()));
		}
		catch (IOException | RuntimeException ex) {
			sample = request.sample(Result.BROKEN, (ex.getMessage() != null) ? ex.getMessage() : ex.toString());
		}
		this.ended.add(sample);
		this.pending.remove(request);
	}

	private int exchange(String path, boolean keep) throws IOException {
		HttpConnection connection = (keep) ? this.idle.poll() : null;
		while (connection != null && !connection.isReusable()) {
			connection.close();
			connection = this.idle.poll();
		}
		if (connection == null) {
			connection = new HttpConnection(this.port, PATIENCE);
		}
		boolean kept = false;
		try {
			int status = connection.get(path, keep);
			kept = keep && !this.stopped;
			return status;
		}
		finally {
			if (kept) {
				this.idle.add(connection);
			}
			else {
				connection.close();
			}
		}
	}

	/**
	 * Return what has happened since this was called last.
	 * @return the requests that ended, and those that are still waiting
	 */
	Window take() {
		List<Sample> samples = new ArrayList<>();
		for (Sample sample = this.ended.poll(); sample != null; sample = this.ended.poll()) {
			samples.add(sample);
		}
		this.pending.forEach((request) -> samples.add(request.sample(Result.PENDING, "no answer yet")));
		return new Window(samples);
	}

	/**
	 * Send no more requests.
	 * @param patience how long to wait for the answers that are missing
	 */
	void stop(Duration patience) {
		this.stopped = true;
		long end = System.nanoTime() + patience.toNanos();
		while (!this.pending.isEmpty() && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
		}
	}

	@Override
	public void close() {
		this.stopped = true;
		this.idle.forEach(HttpConnection::close);
	}

	/**
	 * A request that waits for its answer. Not a record, because two of them may look
	 * alike.
	 */
	private static final class Request {

		private final String path;

		private final long begun;

		Request(String path, long begun) {
			this.path = path;
			this.begun = begun;
		}

		Sample sample(Result result, String detail) {
			return new Sample(this.path, this.begun, Duration.ofNanos(System.nanoTime() - this.begun), result, detail);
		}

	}

}
