package io.clusterboot.worker.watch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

import io.clusterboot.IncidentCause;
import org.jspecify.annotations.Nullable;

/**
 * Detects that garbage collections leave the application next to no time.
 */
final class GcDetector implements Detector {

	private static final double LIMIT = 0.98;

	private static final Duration WINDOW = Duration.ofSeconds(30);

	private final Supplier<Duration> gcTime;

	private final Supplier<Duration> cpuTime;

	private final Deque<Sample> samples = new ArrayDeque<>();

	private Duration lastGcTime;

	private Duration lastCpuTime;

	/**
	 * Create a detector.
	 * @param gcTime how long collections have stopped the application so far
	 * @param cpuTime the processor time of the process so far
	 */
	GcDetector(Supplier<Duration> gcTime, Supplier<Duration> cpuTime) {
		this.gcTime = gcTime;
		this.cpuTime = cpuTime;
		this.lastGcTime = gcTime.get();
		this.lastCpuTime = cpuTime.get();
	}

	@Override
	public IncidentCause cause() {
		return IncidentCause.GC_OVERHEAD;
	}

	@Override
	public @Nullable String look(Tick tick) {
		this.samples.add(sample(tick));
		Duration seen = total(Sample::seen);
		while (seen.minus(this.samples.element().seen()).compareTo(WINDOW) >= 0) {
			seen = seen.minus(this.samples.remove().seen());
		}
		if (seen.compareTo(WINDOW) < 0) {
			return null;
		}
		double share = (double) total(Sample::collected).toNanos() / seen.toNanos();
		return (share > LIMIT) ? String.format(Locale.ROOT, "Garbage collections took %.1f %% of the last %d s",
				Math.min(share, 1) * 100, seen.toSeconds()) : null;
	}

	private Sample sample(Tick tick) {
		Duration gcTime = this.gcTime.get();
		Duration cpuTime = this.cpuTime.get();
		// Can be more than has elapsed: one that began before counts when it ends
		Duration collected = gcTime.minus(this.lastGcTime);
		// A collection stops the watch too. One that has used the processors for so long
		// was not just stopped with everything else
		Duration proven = min(min(collected, tick.elapsed()), cpuTime.minus(this.lastCpuTime));
		this.lastGcTime = gcTime;
		this.lastCpuTime = cpuTime;
		Duration seen = (proven.compareTo(tick.seen()) > 0) ? proven : tick.seen();
		double share = (tick.elapsed().isZero()) ? 0 : (double) collected.toNanos() / tick.elapsed().toNanos();
		return new Sample(seen, Duration.ofNanos((long) (share * seen.toNanos())));
	}

	private Duration total(Function<Sample, Duration> part) {
		return this.samples.stream().map(part).reduce(Duration.ZERO, Duration::plus);
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * One tick.
	 *
	 * @param seen how long it was
	 * @param collected how much of that went into collections
	 */
	private record Sample(Duration seen, Duration collected) {

	}

}
