package io.clusterboot.primary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Numbers;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.numbers.Totals;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what workers tell of the application's metrics, and says what comes of all of
 * them when one asks. It asks the others first how things are now, and waits a moment for
 * those that answer. May be used by any thread, and never keeps it waiting.
 */
final class Scrapes {

	private static final long ROUND_MILLIS = 300;

	// Several times as long as between two reports
	private static final Duration SILENCE = Duration.ofSeconds(4);

	private static final long THREAD_STACK_SIZE = 256 * 1024;

	private static final int MOST_WAITING = 32;

	private final Totals totals = new Totals();

	private final Map<Integer, Reporter> reporters = new LinkedHashMap<>();

	private final List<Scrape> waiting = new ArrayList<>();

	private final Consumer<String> warn;

	private long round;

	private @Nullable Thread thread;

	private boolean warned;

	Scrapes(Consumer<String> warn) {
		this.warn = warn;
	}

	/**
	 * A worker is there.
	 * @param worker its id
	 * @param send sends to it
	 */
	synchronized void joined(int worker, Consumer<Message> send) {
		this.reporters.putIfAbsent(worker, new Reporter(send));
	}

	/**
	 * A worker is gone, and everything that it said has been heard.
	 * @param worker its id
	 */
	synchronized void left(int worker) {
		this.reporters.remove(worker);
		this.totals.left(worker);
		notifyAll();
	}

	/**
	 * Take a report.
	 * @param worker whose it is
	 * @param report the report
	 */
	synchronized void received(int worker, Numbers.Report report) {
		Reporter reporter = this.reporters.get(worker);
		if (reporter == null) {
			return;
		}
		try {
			this.totals.report(worker, report.body());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		if (report.last()) {
			reporter.heard(report);
			reporter.send.accept(new Numbers.Heard());
			notifyAll();
		}
		long dropped = dropped();
		if (dropped > 0 && !this.warned) {
			this.warned = true;
			this.warn.accept("The application's metrics have more series than there is room for: "
					+ "%d are left out of what /actuator/prometheus says".formatted(dropped));
		}
	}

	/**
	 * Take a question, to be answered in a moment.
	 * @param worker who asks
	 * @param request the question
	 */
	synchronized void asked(int worker, Request.Numbers request) {
		Reporter asker = this.reporters.get(worker);
		if (asker == null) {
			return;
		}
		if (this.waiting.size() == MOST_WAITING) {
			asker.send.accept(new Reply.Refusal(request.id(), "The primary is busy: too many ask for metrics"));
			return;
		}
		this.waiting.add(new Scrape(asker, request.id()));
		if (this.thread == null) {
			this.thread = new Thread(null, this::run, "cluster-numbers", THREAD_STACK_SIZE);
			this.thread.setDaemon(true);
			this.thread.start();
		}
		notifyAll();
	}

	private void run() {
		while (true) {
			try {
				answer();
			}
			catch (InterruptedException | RuntimeException | OutOfMemoryError ex) {
				// Whoever asked hears nothing and says so; there may be room next time
			}
		}
	}

	// Whoever asks from now on may have made numbers that are not in this answer
	private synchronized void answer() throws InterruptedException {
		while (this.waiting.isEmpty()) {
			wait();
		}
		List<Scrape> scrapes = List.copyOf(this.waiting);
		this.waiting.clear();
		awaitReports();
		List<ByteBuffer> pages = this.totals.pages(silent());
		Map<Integer, Duration> ages = new HashMap<>();
		this.reporters.forEach((worker, reporter) -> {
			if (reporter.reported) {
				ages.put(worker, reporter.age());
			}
		});
		for (Scrape scrape : scrapes) {
			for (int i = 0; i < pages.size(); i++) {
				boolean last = i == pages.size() - 1;
				scrape.asker().send.accept(new Reply.Numbers(scrape.id(), last, pages.get(i), ages, dropped()));
			}
		}
	}

	private void awaitReports() throws InterruptedException {
		this.round++;
		List<Reporter> asked = new ArrayList<>();
		for (Reporter reporter : this.reporters.values()) {
			if (reporter.reported && !reporter.isSilent()) {
				reporter.send.accept(new Numbers.Wanted(this.round));
				asked.add(reporter);
			}
		}
		long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ROUND_MILLIS);
		while (isAwaited(asked)) {
			long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (left <= 0) {
				return;
			}
			wait(left);
		}
	}

	private boolean isAwaited(List<Reporter> asked) {
		return asked.stream()
			.anyMatch((reporter) -> reporter.round < this.round && this.reporters.containsValue(reporter));
	}

	private Set<Integer> silent() {
		Set<Integer> silent = new HashSet<>();
		this.reporters.forEach((worker, reporter) -> {
			if (reporter.isSilent()) {
				silent.add(worker);
			}
		});
		return silent;
	}

	private long dropped() {
		return this.totals.refused() + this.reporters.values().stream().mapToLong((reporter) -> reporter.dropped).sum();
	}

	/**
	 * Somebody waits for an answer.
	 */
	private record Scrape(Reporter asker, long id) {

	}

	/**
	 * A worker that may report.
	 */
	private static final class Reporter {

		private final Consumer<Message> send;

		private boolean reported;

		private long heard;

		private long round;

		private int dropped;

		Reporter(Consumer<Message> send) {
			this.send = send;
		}

		void heard(Numbers.Report report) {
			this.reported = true;
			this.heard = System.nanoTime();
			this.round = report.round();
			this.dropped = report.dropped();
		}

		Duration age() {
			return Duration.ofNanos(System.nanoTime() - this.heard);
		}

		boolean isSilent() {
			return age().compareTo(SILENCE) > 0;
		}

	}

}
