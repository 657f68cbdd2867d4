package io.clusterboot.channel;

import java.time.Duration;

import io.clusterboot.RequestTimes;
import io.clusterboot.ResponseCounts;

/**
 * How all workers of a generation have fared together.
 *
 * @param generation the generation
 * @param starts how many of them got ready
 * @param startTime how long that took them, together
 * @param time how long they have lived, together
 * @param responses what they have answered
 * @param requestTimes how long that took
 * @param cpuTime the processor time that they have used
 * @param residentSet the most memory that one of them had, in bytes
 */
public record GenerationMetrics(int generation, int starts, Duration startTime, Duration time, ResponseCounts responses,
		RequestTimes requestTimes, Duration cpuTime, long residentSet) {

	/**
	 * Return what is known of a generation at first.
	 * @param generation the generation
	 * @return nothing
	 */
	public static GenerationMetrics none(int generation) {
		return new GenerationMetrics(generation, 0, Duration.ZERO, Duration.ZERO, ResponseCounts.NONE,
				RequestTimes.NONE, Duration.ZERO, 0);
	}

}
