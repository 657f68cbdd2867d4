package io.clusterboot.worker.watch;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.OperatingSystemMXBean;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.sun.management.GcInfo;
import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.gate.GatedServer;
import org.jspecify.annotations.Nullable;

/**
 * Learns how this JVM fares.
 */
public final class MetricsSource {

	private static final Path STATUS = Path.of("/proc/self/status");

	private static final Pattern RESIDENT_SET = Pattern.compile("^VmRSS:\\s+(\\d+) kB$", Pattern.MULTILINE);

	// A JVM made by jlink may lack it
	private static final boolean EXTENDED = ModuleLayer.boot().findModule("jdk.management").isPresent();

	private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	private final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();

	private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();

	private final Set<String> heapPools = ManagementFactory.getMemoryPoolMXBeans()
		.stream()
		.filter((pool) -> pool.getType() == MemoryType.HEAP)
		.map(MemoryPoolMXBean::getName)
		.collect(Collectors.toUnmodifiableSet());

	WorkerMetrics metrics(@Nullable GatedServer server) {
		long heapUsed = this.memory.getHeapMemoryUsage().getUsed();
		int threads = this.threads.getThreadCount();
		if (server == null) {
			return new WorkerMetrics(heapUsed, heapAfterGc(), residentSet(), cpuTime(), gcTime(), threads, openFiles(),
					0, 0, ResponseCounts.NONE, RequestTimes.NONE);
		}
		return new WorkerMetrics(heapUsed, heapAfterGc(), residentSet(), cpuTime(), gcTime(), threads, openFiles(),
				server.connections(), server.requestsInFlight(), server.responses(), server.requestTimes());
	}

	/**
	 * Return the processor time of this process since its start.
	 * @return the time of all threads, or 0 if it cannot be learned
	 */
	Duration cpuTime() {
		if (EXTENDED && this.system instanceof com.sun.management.OperatingSystemMXBean extended) {
			return Duration.ofNanos(Math.max(extended.getProcessCpuTime(), 0));
		}
		return Duration.ZERO;
	}

	private long openFiles() {
		if (EXTENDED && this.system instanceof com.sun.management.UnixOperatingSystemMXBean unix) {
			return Math.max(unix.getOpenFileDescriptorCount(), 0);
		}
		return 0;
	}

	/**
	 * Return how long garbage collections have stopped the application since its start.
	 * @return the time, in which one that still runs is not contained
	 */
	Duration gcTime() {
		return Duration.ofMillis(this.collectors.stream()
			.filter((collector) -> stops(collector.getName()))
			.mapToLong((collector) -> Math.max(collector.getCollectionTime(), 0))
			.sum());
	}

	/**
	 * Return whether the time of a collector is one in which the application stands
	 * still.
	 * @param collector the name of its bean
	 * @return whether it stops the application
	 */
	static boolean stops(String collector) {
		return !collector.endsWith(" Cycles") && !collector.equals("G1 Concurrent GC");
	}

	// The collection usage of the pools is no help: that of an old generation stays what
	// it was, or 0, through collections of the young one
	private long heapAfterGc() {
		long ended = -1;
		long used = 0;
		for (GarbageCollectorMXBean collector : this.collectors) {
			GcInfo last = last(collector);
			if (last != null && last.getEndTime() > ended) {
				long heap = heapAfter(last);
				// What pauses of concurrent collectors know about memory is always 0
				if (heap > 0) {
					ended = last.getEndTime();
					used = heap;
				}
			}
		}
		return used;
	}

	private @Nullable GcInfo last(GarbageCollectorMXBean collector) {
		return (EXTENDED && collector instanceof com.sun.management.GarbageCollectorMXBean extended)
				? extended.getLastGcInfo() : null;
	}

	private long heapAfter(GcInfo collection) {
		return collection.getMemoryUsageAfterGc()
			.entrySet()
			.stream()
			.filter((pool) -> this.heapPools.contains(pool.getKey()))
			.mapToLong((pool) -> pool.getValue().getUsed())
			.sum();
	}

	private long residentSet() {
		try {
			String status = Files.readString(STATUS, StandardCharsets.ISO_8859_1);
			Matcher matcher = RESIDENT_SET.matcher(status);
			return (matcher.find()) ? Long.parseLong(matcher.group(1)) * 1024 : 0;
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
