package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.clusterboot.channel.RecentMetrics;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Knows which workers miss their heartbeats. Long before one is taken to hang, others can
 * have its connections: if it comes back it has lost nothing, and if not, nobody has
 * waited for it.
 */
final class Silence {

	private final Workers workers;

	private Set<Worker> silent = Set.of();

	Silence(Workers workers) {
		this.workers = workers;
	}

	/**
	 * See who is silent now. If all are, it says nothing about any of them.
	 */
	void advance() {
		List<Worker> open = this.workers.slots().stream().map(Slot::open).filter(Objects::nonNull).toList();
		Set<Worker> silent = new HashSet<>(open);
		silent.removeIf((worker) -> isAhead(until(worker)));
		if (silent.size() == open.size()) {
			silent.clear();
		}
		silent.stream()
			.filter((worker) -> !this.silent.contains(worker))
			.forEach((worker) -> this.workers.info("%s is not heard for %s: others get its connections", worker,
					Workers.seconds(RecentMetrics.SILENCE)));
		this.silent.stream()
			.filter((worker) -> open.contains(worker) && !silent.contains(worker))
			.forEach((worker) -> this.workers.info("%s gets connections again", worker));
		this.silent = silent;
	}

	/**
	 * Return who accepts the connections of a slot, and can be relied on to.
	 * @param slot the slot
	 * @return the worker, or {@code null} if nobody does
	 */
	@Nullable Worker open(Slot slot) {
		Worker open = slot.open();
		return (open != null && isHeard(open)) ? open : null;
	}

	boolean isHeard(Worker worker) {
		return !this.silent.contains(worker);
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<@Nullable Instant> deadlines() {
		return this.workers.slots().stream().map(Slot::open).filter(Objects::nonNull).map(Silence::until);
	}

	private static @Nullable Instant until(Worker worker) {
		Instant heard = worker.pulse().heard();
		return (heard != null) ? heard.plus(RecentMetrics.SILENCE) : null;
	}

	private boolean isAhead(@Nullable Instant time) {
		return time == null || time.isAfter(this.workers.now());
	}

}
