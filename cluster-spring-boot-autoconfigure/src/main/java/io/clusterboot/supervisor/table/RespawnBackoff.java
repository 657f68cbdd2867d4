package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.util.random.RandomGenerator;

import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * How long a slot waits before it gets another worker: not at all the first time, then
 * twice as long each time up to a limit, give or take a fifth so that slots that died
 * together do not come back together.
 */
public final class RespawnBackoff {

	private static final double JITTER = 0.2;

	private final RandomGenerator random;

	private int attempts;

	public RespawnBackoff(RandomGenerator random) {
		this.random = random;
	}

	public Duration next(SupervisorSettings settings) {
		int attempt = this.attempts++;
		if (attempt == 0) {
			return Duration.ZERO;
		}
		double delay = settings.respawnInitialDelay().toMillis() * Math.pow(2, attempt - 1);
		return jittered(Math.min(delay, settings.respawnMaxDelay().toMillis()));
	}

	/**
	 * Return how long a slot waits that has failed.
	 * @param settings the settings
	 * @return the delay
	 */
	public Duration afterFailure(SupervisorSettings settings) {
		return jittered(settings.respawnFailedDelay().toMillis());
	}

	private Duration jittered(double millis) {
		return Duration.ofMillis(Math.round(millis * (1 + JITTER * (2 * this.random.nextDouble() - 1))));
	}

	public void reset() {
		this.attempts = 0;
	}

}
