package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.stream.Stream;

import io.clusterboot.supervisor.settings.SupervisorSettings;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Has workers replaced that have grown too large, worked enough or lived long enough.
 */
final class Recycling {

	private static final long MEGABYTE = 1024 * 1024;

	private final Workers workers;

	private final LifeCycle life;

	// What fresh workers exceed already
	private long uselessMaxMemory;

	Recycling(Workers workers, LifeCycle life) {
		this.workers = workers;
		this.life = life;
	}

	/**
	 * A worker was heard.
	 * @param worker the worker
	 */
	void heard(Worker worker) {
		SupervisorSettings.Worker limits = this.workers.settings().worker();
		if (!isSubject(worker)) {
			return;
		}
		long memory = worker.pulse().metrics().residentSet();
		long requests = worker.pulse().responses().total();
		if (exceeds(memory, limits.maxMemory(), worker) && limits.maxMemory() != this.uselessMaxMemory) {
			if (isFresh(worker)) {
				reject(worker, memory, limits.maxMemory());
			}
			else {
				this.life.markForReplacement(worker, "it uses %d MB (cluster.worker.max-memory is %d MB)"
					.formatted(memory / MEGABYTE, limits.maxMemory() / MEGABYTE));
			}
		}
		else if (exceeds(requests, limits.maxRequests(), worker)) {
			this.life.markForReplacement(worker, "it has answered %d requests (cluster.worker.max-requests is %d)"
				.formatted(requests, limits.maxRequests()));
		}
	}

	/**
	 * Do what is due.
	 */
	void advance() {
		for (Worker worker : this.workers.all()) {
			Instant end = end(worker);
			if (end != null && !end.isAfter(this.workers.now())) {
				this.life.markForReplacement(worker,
						"it has served for %s (cluster.worker.max-lifetime is %s)".formatted(
								Workers.seconds(
										Duration.between(Objects.requireNonNull(worker.ready()), this.workers.now())),
								Workers.seconds(this.workers.settings().worker().maxLifetime())));
			}
		}
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<@Nullable Instant> deadlines() {
		return this.workers.all().stream().map(this::end);
	}

	private @Nullable Instant end(Worker worker) {
		Duration lifetime = this.workers.settings().worker().maxLifetime();
		Instant ready = worker.ready();
		return (!lifetime.isZero() && ready != null && isSubject(worker))
				? ready.plusMillis((long) (lifetime.toMillis() * worker.jitter())) : null;
	}

	private boolean isSubject(Worker worker) {
		return worker.ready() != null && worker.marked() == null && !worker.isEnding()
				&& worker.slot().current() == worker;
	}

	private boolean isFresh(Worker worker) {
		return !Objects.requireNonNull(worker.ready())
			.plus(this.workers.settings().respawnStableAfter())
			.isBefore(this.workers.now());
	}

	private void reject(Worker worker, long memory, long limit) {
		this.uselessMaxMemory = limit;
		this.workers.error(
				"%s uses %d MB as soon as it is ready, but cluster.worker.max-memory is %d MB: the limit is ignored. Set it well above what a fresh worker uses",
				worker, memory / MEGABYTE, limit / MEGABYTE);
	}

	private static boolean exceeds(long value, long limit, Worker worker) {
		return limit > 0 && value >= limit * worker.jitter();
	}

}
