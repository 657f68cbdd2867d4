package io.clusterboot.worker.warmup;

import java.time.Duration;
import java.util.List;

import io.clusterboot.contract.WarmUpRequest;
import org.jspecify.annotations.Nullable;

/**
 * How a worker warms up.
 *
 * @param requests what it answers, again and again; nothing for no warm-up
 * @param duration how long at most
 * @param concurrency how many requests at the same time
 * @param required whether an answer that is a server's error fails the start
 * @param learned counts what users ask for, or is {@code null} if nothing is learned
 */
public record WarmUpSettings(List<WarmUpRequest> requests, Duration duration, int concurrency, boolean required,
		@Nullable LearnedRequests learned) {

	/**
	 * Of a worker that does not warm up.
	 */
	public static final WarmUpSettings NONE = new WarmUpSettings(List.of(), Duration.ZERO, 1, false, null);

	public WarmUpSettings {
		requests = List.copyOf(requests);
	}

}
