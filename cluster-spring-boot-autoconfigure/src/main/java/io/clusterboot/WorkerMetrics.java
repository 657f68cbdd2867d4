package io.clusterboot;

import java.time.Duration;

/**
 * How a worker fares, as it says itself once a second.
 *
 * @param heapUsed the heap in use, in bytes
 * @param heapAfterGc the heap that was in use after the last garbage collection, in
 * bytes, or 0 if there was none
 * @param residentSet the memory of the process, in bytes ({@code VmRSS} of
 * {@code /proc/self/status})
 * @param cpuTime the processor time of the process since its start
 * @param gcTime the time that garbage collections have stopped the application since its
 * start
 * @param threads live threads
 * @param openFiles open file descriptors, or 0 if that cannot be learned
 * @param connections open connections
 * @param requestsInFlight requests that are being handled
 * @param responses what was answered since the start
 * @param requestTimes how long that took
 */
public record WorkerMetrics(long heapUsed, long heapAfterGc, long residentSet, Duration cpuTime, Duration gcTime,
		int threads, long openFiles, int connections, int requestsInFlight, ResponseCounts responses,
		RequestTimes requestTimes) {

	/**
	 * Of a worker that has said nothing yet.
	 */
	public static final WorkerMetrics NONE = new WorkerMetrics(0, 0, 0, Duration.ZERO, Duration.ZERO, 0, 0, 0, 0,
			ResponseCounts.NONE, RequestTimes.NONE);

}
