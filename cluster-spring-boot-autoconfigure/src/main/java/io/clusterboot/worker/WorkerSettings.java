package io.clusterboot.worker;

import java.time.Duration;

/**
 * What a worker must know when the primary cannot tell it.
 *
 * @param drainTimeout how long a drain may take
 * @param keepAliveGrace how long idle kept-alive connections may make a last request
 */
public record WorkerSettings(Duration drainTimeout, Duration keepAliveGrace) {

}
