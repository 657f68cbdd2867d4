package io.clusterboot.supervisor.settings;

import java.time.Duration;

import io.clusterboot.ReloadStrategy;
import io.clusterboot.contract.Balance;
import io.clusterboot.contract.ReloadTraining;
import io.clusterboot.supervisor.Supervisor;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Supervisor} must know to decide. A reload can bring other settings.
 *
 * @param workers how many slots there are
 * @param maxWorkers how many slots there may be, whoever asks for more; how many spares,
 * and how many workers more in a reload
 * @param backlog how many connections may wait for each slot
 * @param reload what concerns reloads
 * @param worker what concerns a worker that runs
 * @param balance how new connections are spread over the slots
 * @param spares how many workers wait without a slot
 * @param startTimeout how long a worker that no reload brings may make no progress before
 * it is ready
 * @param parallelStarts how many workers may start at the same time
 * @param drainTimeout how long a worker may drain
 * @param closeTimeout how long its application may take to close after that
 * @param keepAliveGrace how long idle kept-alive connections may make a last request
 * @param respawnInitialDelay the delay before the second respawn in a row
 * @param respawnMaxDelay the longest delay before a respawn
 * @param respawnStableAfter how long a worker must have been ready for its death to count
 * as the first again
 * @param respawnFailedDelay the delay before a respawn in a slot that has failed
 */
public record SupervisorSettings(int workers, int maxWorkers, int backlog, Reload reload, Worker worker,
		Balance balance, int spares, Duration startTimeout, int parallelStarts, Duration drainTimeout,
		Duration closeTimeout, Duration keepAliveGrace, Duration respawnInitialDelay, Duration respawnMaxDelay,
		Duration respawnStableAfter, Duration respawnFailedDelay) {

	/**
	 * Return why there cannot be so many workers.
	 * @param workers how many
	 * @return the reason or {@code null} if there can
	 */
	public @Nullable String refusal(int workers) {
		if (workers < 1) {
			return "%d workers are none".formatted(workers);
		}
		return (workers <= this.maxWorkers) ? null
				: "%d workers are more than 'cluster.max-workers' allows, which is %d".formatted(workers,
						this.maxWorkers);
	}

	/**
	 * Return why the cluster cannot be run with these settings.
	 * @return the reason or {@code null} if it can
	 */
	public @Nullable String refusal() {
		String refusal = refusal(this.workers);
		refusal = (refusal != null) ? refusal : refusal("cluster.spares", this.spares);
		return (refusal != null) ? refusal : refusal("cluster.reload.max-surge", this.reload.maxSurge());
	}

	private @Nullable String refusal(String name, int count) {
		return (count >= 0 && count <= this.maxWorkers) ? null
				: "'%s' is %d but must be from 0 to %d, which 'cluster.max-workers' allows".formatted(name, count,
						this.maxWorkers);
	}

	/**
	 * What concerns reloads.
	 *
	 * @param strategy the strategy of a reload that names none
	 * @param readyTimeout how long a new worker may take to be ready
	 * @param maxSurge how many workers more than slots there may be
	 * @param maxUnavailable how many slots may be without a ready worker
	 * @param pause the time between two steps
	 * @param soak how long the first new worker is watched before the others follow
	 * @param maxErrorIncrease by how much its share of server errors may exceed that of
	 * the others
	 * @param training when the start of a generation's workers is made faster
	 */
	public record Reload(ReloadStrategy strategy, Duration readyTimeout, int maxSurge, int maxUnavailable,
			Duration pause, Duration soak, double maxErrorIncrease, ReloadTraining training) {

	}

	/**
	 * What concerns a worker that runs. A limit of 0 is none.
	 *
	 * @param hangTimeout how long nothing may be heard from it
	 * @param maxMemory the resident memory in bytes at which it is replaced
	 * @param maxRequests the number of requests after which it is replaced
	 * @param maxLifetime the time after which it is replaced
	 * @param slowStart how long a new worker's share of the load grows
	 */
	public record Worker(Duration hangTimeout, long maxMemory, long maxRequests, Duration maxLifetime,
			Duration slowStart) {

	}

}
