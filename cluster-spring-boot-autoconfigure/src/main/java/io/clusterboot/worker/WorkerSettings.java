package io.clusterboot.worker;

import java.time.Duration;
import java.util.Map;

/**
 * What a worker knows from its own configuration.
 *
 * @param drainTimeout how long a drain may take when the primary cannot tell
 * @param keepAliveGrace how long idle kept-alive connections may make a last request when
 * the primary cannot tell
 * @param configuration what the configuration says about the cluster, for the primary
 */
public record WorkerSettings(Duration drainTimeout, Duration keepAliveGrace, Map<String, String> configuration) {

	public WorkerSettings {
		configuration = Map.copyOf(configuration);
	}

}
