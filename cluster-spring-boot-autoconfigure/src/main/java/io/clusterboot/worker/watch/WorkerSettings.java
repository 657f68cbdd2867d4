package io.clusterboot.worker.watch;

import java.time.Duration;

import io.clusterboot.contract.UncaughtPolicy;

/**
 * What a worker knows from its own configuration.
 *
 * @param drainTimeout how long a drain may take when the primary cannot tell
 * @param keepAliveGrace how long idle kept-alive connections may make a last request when
 * the primary cannot tell
 * @param stallTimeout how long all request threads may be busy without getting anything
 * done, 0 for ever
 * @param replaceOnUncaught what that nobody catches makes this worker be replaced
 */
public record WorkerSettings(Duration drainTimeout, Duration keepAliveGrace, Duration stallTimeout,
		UncaughtPolicy replaceOnUncaught) {

}
