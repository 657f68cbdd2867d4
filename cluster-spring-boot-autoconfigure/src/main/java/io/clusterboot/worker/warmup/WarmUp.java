package io.clusterboot.worker.warmup;

import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.clusterboot.contract.WarmUpRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * Has this process's own server answer requests until that gets no faster or the time is
 * over. Happens once.
 */
public final class WarmUp {

	private static final Log logger = LogFactory.getLog(WarmUp.class);

	private static final int SERVER_ERROR = 500;

	// In a row, after which there is no use in another try
	private static final int MOST_BROKEN = 3;

	private final WarmUpSettings settings;

	// What follows is guarded by this
	private List<WarmUpRequest> requests;

	private final Map<String, Integer> failures = new TreeMap<>();

	private boolean stopped;

	private int next;

	private int answered;

	private long first;

	public WarmUp(WarmUpSettings settings) {
		this.settings = settings;
		this.requests = settings.requests();
	}

	/**
	 * Send requests beside those of the settings, where these say so.
	 * @param paths what users of other workers asked for
	 */
	public synchronized void learned(List<String> paths) {
		LearnedRequests learned = this.settings.learned();
		if (learned != null) {
			learned.expect(paths);
			this.requests = Stream
				.concat(this.settings.requests().stream(), learned.top().stream().map(WarmUpRequest::parse))
				.distinct()
				.toList();
		}
	}

	/**
	 * Return whether there is anything to do.
	 * @return whether there are requests
	 */
	public synchronized boolean isWanted() {
		return !this.requests.isEmpty();
	}

	/**
	 * Return how far it is.
	 * @return how many requests were answered so far
	 */
	public synchronized int answered() {
		return this.answered;
	}

	/**
	 * End it early.
	 */
	public synchronized void stop() {
		this.stopped = true;
	}

	/**
	 * Send the requests and wait for the end of it, which is told in the log.
	 * @param door where to send them to
	 * @param secure whether the server speaks TLS
	 * @param port the port that they are for
	 * @return why the start has failed, or {@code null} if it has not
	 */
	public @Nullable String run(InetSocketAddress door, boolean secure, int port) {
		long begin = System.nanoTime();
		LatencyCurve curve = new LatencyCurve(count(), WarmUp::compilationTime, begin);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < this.settings.concurrency(); i++) {
			Thread thread = new Thread(() -> {
				try (SideDoorClient client = new SideDoorClient(door, secure, "localhost:" + port)) {
					send(client, curve, begin + this.settings.duration().toNanos());
				}
				catch (IOException ex) {
					// It has done its work
				}
			}, "cluster-warm-up-" + i);
			thread.setDaemon(true);
			threads.add(thread);
		}
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			try {
				thread.join();
			}
			catch (InterruptedException ex) {
				stop();
				Thread.currentThread().interrupt();
			}
		}
		return tell(curve, System.nanoTime() - begin);
	}

	private static long compilationTime() {
		CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
		return (compilers != null && compilers.isCompilationTimeMonitoringSupported())
				? TimeUnit.MILLISECONDS.toNanos(compilers.getTotalCompilationTime()) : 0;
	}

	private synchronized int count() {
		return this.requests.size();
	}

	private void send(SideDoorClient client, LatencyCurve curve, long deadline) {
		int broken = 0;
		WarmUpRequest request = next(curve);
		while (request != null && broken < MOST_BROKEN) {
			long sent = System.nanoTime();
			long left = TimeUnit.NANOSECONDS.toMillis(deadline - sent);
			if (left <= 0) {
				return;
			}
			try {
				int status = client.exchange(request, (int) Math.min(left, Integer.MAX_VALUE));
				broken = 0;
				answered(request, status, sent, curve);
			}
			catch (SocketTimeoutException ex) {
				// The time is over
				return;
			}
			catch (IOException | RuntimeException ex) {
				logger.debug(LogMessage.format("Warm-up: no answer to %s", request), ex);
				broken++;
				failed(request + " was not answered");
			}
			request = next(curve);
		}
	}

	private synchronized @Nullable WarmUpRequest next(LatencyCurve curve) {
		if (this.stopped || curve.isFlat() || (this.settings.required() && !this.failures.isEmpty())) {
			return null;
		}
		WarmUpRequest request = this.requests.get(this.next);
		this.next = (this.next + 1) % this.requests.size();
		return request;
	}

	private synchronized void answered(WarmUpRequest request, int status, long sent, LatencyCurve curve) {
		long now = System.nanoTime();
		if (this.answered == 0) {
			this.first = now - sent;
		}
		this.answered++;
		curve.add(now - sent, now);
		if (status >= SERVER_ERROR) {
			failed("%s was answered %d".formatted(request, status));
		}
	}

	private synchronized void failed(String what) {
		if (!this.stopped) {
			this.failures.merge(what, 1, Integer::sum);
		}
	}

	private synchronized @Nullable String tell(LatencyCurve curve, long nanos) {
		if (this.stopped) {
			return null;
		}
		if (this.answered == 0 && this.failures.isEmpty()) {
			failed("no request was answered within the time");
		}
		if (this.answered > 0) {
			logger.info(LogMessage.format("Warm-up: first %s, last %s, %d requests in %.1f s", millis(this.first),
					millis(curve.last()), this.answered, nanos / 1e9));
		}
		if (this.failures.isEmpty()) {
			return null;
		}
		if (this.settings.required()) {
			return "the warm-up has failed: " + this.failures.keySet().iterator().next();
		}
		logger.warn(LogMessage.format("Warm-up: %s",
				this.failures.entrySet()
					.stream()
					.map((failure) -> (failure.getValue() > 1)
							? "%s (%d times)".formatted(failure.getKey(), failure.getValue()) : failure.getKey())
					.collect(Collectors.joining(", "))));
		return null;
	}

	private static String millis(long nanos) {
		double millis = nanos / 1e6;
		return ((millis < 10) ? "%.1f ms" : "%.0f ms").formatted(millis);
	}

}
