package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.WorkerState;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that somebody serves, as load balancers that fail open do: while no worker
 * is ready, those whose web server is up accept connections all the same. At the first
 * start at once, as an application without a cluster does.
 * <p>
 * Nobody is replaced because of that, and what a reload brings is not live before it is
 * ready.
 */
final class LastResort {

	private static final Duration LIMIT = Duration.ofSeconds(2);

	private final Workers workers;

	private final LifeCycle life;

	private final Generations generations;

	private @Nullable Instant unservedSince;

	private boolean told;

	LastResort(Workers workers, LifeCycle life, Generations generations) {
		this.workers = workers;
		this.life = life;
		this.generations = generations;
	}

	/**
	 * Do what can be done now.
	 */
	void advance() {
		boolean served = this.workers.slots().stream().anyMatch(Slot::isServed);
		if (served) {
			served();
		}
		else if (this.unservedSince == null) {
			this.unservedSince = this.workers.now();
		}
		List<Worker> candidates = (served) ? List.of() : candidates();
		this.workers.all()
			.stream()
			.filter((worker) -> worker.state() == WorkerState.OPEN)
			.filter((worker) -> !candidates.contains(worker))
			.forEach(this.life::failClosed);
		if (this.unservedSince != null && isDue(this.unservedSince)) {
			candidates.stream().filter((worker) -> worker.state() != WorkerState.OPEN).forEach(this::open);
		}
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<Instant> deadlines() {
		return Stream.ofNullable(this.unservedSince).map((since) -> since.plus(LIMIT));
	}

	private List<Worker> candidates() {
		List<Worker> candidates = new ArrayList<>();
		for (Slot slot : this.workers.slots()) {
			Worker next = slot.next();
			if (slot.current() != null && slot.current().canFailOpen()) {
				candidates.add(slot.current());
			}
			else if (next != null && next.canFailOpen() && next.generation() == this.generations.live()) {
				candidates.add(next);
			}
		}
		return candidates;
	}

	private boolean isDue(Instant since) {
		return !this.workers.isUp() || !since.plus(LIMIT).isAfter(this.workers.now());
	}

	private void open(Worker worker) {
		if (!this.told && this.workers.isUp()) {
			this.told = true;
			this.workers.warn("No worker is ready: until one is, workers accept connections whether they are or not");
		}
		this.life.failOpen(worker);
	}

	private void served() {
		this.unservedSince = null;
		if (this.told) {
			this.told = false;
			this.workers.info("A worker is ready again: those that are not accept no more connections");
		}
	}

}
