package io.clusterboot.worker.watch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.clusterboot.channel.Message;
import io.clusterboot.gate.GatedServer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Looks at this JVM from the inside, once a second, and reports each trouble once.
 */
public final class WorkerWatch implements Runnable {

	private static final Log logger = LogFactory.getLog(WorkerWatch.class);

	private static final int MAX_DETAIL = 2000;

	private final List<Detector> detectors;

	private final Supplier<String> threadDump;

	private final Consumer<Message.Unhealthy> report;

	private final LongSupplier nanoTime;

	private final Deque<Message.Unhealthy> unreported = new ArrayDeque<>();

	private long last;

	WorkerWatch(List<Detector> detectors, Supplier<String> threadDump, Consumer<Message.Unhealthy> report,
			LongSupplier nanoTime) {
		this.detectors = new ArrayList<>(detectors);
		this.threadDump = threadDump;
		this.report = report;
		this.nanoTime = nanoTime;
		this.last = nanoTime.getAsLong();
	}

	public static WorkerWatch over(WorkerSettings settings, Supplier<@Nullable GatedServer> server,
			MetricsSource metrics, UncaughtDetector uncaught, Consumer<Message.Unhealthy> report) {
		List<Detector> detectors = new ArrayList<>(List.of(uncaught, new DeadlockDetector(Deadlocks::find),
				new GcDetector(metrics::gcTime, metrics::cpuTime)));
		if (settings.stallTimeout().compareTo(Duration.ZERO) > 0) {
			detectors.add(0, new StallDetector(server, settings.stallTimeout()));
		}
		return new WorkerWatch(detectors, ThreadDumper::dump, report, System::nanoTime);
	}

	@Override
	public void run() {
		long now = this.nanoTime.getAsLong();
		Tick tick = Tick.of(Duration.ofNanos(now - this.last));
		this.last = now;
		this.detectors.removeIf((detector) -> finds(detector, tick));
		// One that could not be reported for want of memory is reported in the next
		// second
		while (!this.unreported.isEmpty()) {
			this.report.accept(this.unreported.element());
			this.unreported.remove();
		}
	}

	private boolean finds(Detector detector, Tick tick) {
		try {
			String found = detector.look(tick);
			if (found == null) {
				return false;
			}
			this.unreported.add(new Message.Unhealthy(detector.cause(), shorten(found), threadDump()));
			return !detector.goesOn();
		}
		catch (RuntimeException | Error ex) {
			// Only where somebody wants to know: what is wrong with this JVM may be its
			// logging
			if (logger.isDebugEnabled()) {
				logger.debug("Cannot look for " + detector.cause(), ex);
			}
			return false;
		}
	}

	// Of use if it can be had
	private @Nullable String threadDump() {
		try {
			return this.threadDump.get();
		}
		catch (RuntimeException | Error ex) {
			return null;
		}
	}

	private static String shorten(String detail) {
		return (detail.length() > MAX_DETAIL) ? detail.substring(0, MAX_DETAIL) + "..." : detail;
	}

}
