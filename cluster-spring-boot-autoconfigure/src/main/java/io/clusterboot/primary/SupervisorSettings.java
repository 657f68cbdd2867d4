package io.clusterboot.primary;

import java.time.Duration;

import io.clusterboot.ReloadStrategy;

/**
 * What the {@link Supervisor} must know to decide.
 *
 * @param workers how many slots there are
 * @param reloadStrategy the strategy of a reload that names none
 * @param readyTimeout how long a new worker of a reload may take to be ready
 * @param startTimeout how long any other worker may take to be ready
 * @param drainTimeout how long a worker may drain
 * @param keepAliveGrace how long idle kept-alive connections may make a last request
 * @param respawnInitialDelay the delay before the second respawn in a row
 * @param respawnMaxDelay the longest delay before a respawn
 * @param respawnStableAfter how long a worker must have been ready for its death to count
 * as the first again
 */
public record SupervisorSettings(int workers, ReloadStrategy reloadStrategy, Duration readyTimeout,
		Duration startTimeout, Duration drainTimeout, Duration keepAliveGrace, Duration respawnInitialDelay,
		Duration respawnMaxDelay, Duration respawnStableAfter) {

}
