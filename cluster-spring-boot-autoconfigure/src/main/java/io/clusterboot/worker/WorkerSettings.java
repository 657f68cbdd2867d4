package io.clusterboot.worker;

import java.time.Duration;

/**
 * What a worker knows from its own configuration.
 *
 * @param drainTimeout how long a drain may take when the primary cannot tell
 * @param keepAliveGrace how long idle kept-alive connections may make a last request when
 * the primary cannot tell
 */
public record WorkerSettings(Duration drainTimeout, Duration keepAliveGrace) {

}
