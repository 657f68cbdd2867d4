package io.clusterboot.channel;

import java.time.Duration;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;

/**
 * How a worker has fared lately.
 *
 * @param worker its id
 * @param window the time that this is about, five to ten seconds; zero if nothing is
 * known
 * @param age how long ago that time ended, which is when the worker last said something
 * @param responses what it has answered
 * @param requestTimes how long that took
 * @param cpuTime the processor time that its process has used
 */
public record RecentMetrics(int worker, Duration window, Duration age, ResponseCounts responses,
		RequestTimes requestTimes, Duration cpuTime) {

	/**
	 * How long a worker, which has something to say every second, may say nothing before
	 * others get its connections, and what it has said is too old to be shown.
	 */
	public static final Duration SILENCE = Duration.ofSeconds(3);

}
