package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.clusterboot.contract.ConfinedThreads;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Keeps workers that start out of the way of those that serve: a start takes all that it
 * can get, and requests would wait for it. Their compilers stay there for a while.
 */
final class Confinement {

	private static final Duration COMPILING = Duration.ofSeconds(30);

	private final Workers workers;

	private Map<Worker, ConfinedThreads> confined = Map.of();

	Confinement(Workers workers) {
		this.workers = workers;
	}

	void advance() {
		Map<Worker, ConfinedThreads> confined = new HashMap<>();
		for (Worker worker : this.workers.all()) {
			ConfinedThreads before = this.confined.getOrDefault(worker, ConfinedThreads.NONE);
			ConfinedThreads threads = threads(worker, before);
			if (threads != before) {
				this.workers.act(new PrimaryAction.Confine(worker.id(), threads));
			}
			confined.put(worker, threads);
		}
		this.confined = confined;
	}

	private ConfinedThreads threads(Worker worker, ConfinedThreads before) {
		if (worker.isStarting() && !worker.isOpen()) {
			return (servesBeside(worker)) ? ConfinedThreads.ALL : ConfinedThreads.NONE;
		}
		Instant end = end(worker);
		boolean compiles = end != null && this.workers.now().isBefore(end);
		return (before != ConfinedThreads.NONE && compiles) ? ConfinedThreads.COMPILERS : ConfinedThreads.NONE;
	}

	private boolean servesBeside(Worker worker) {
		return this.workers.slots().stream().map(Slot::open).anyMatch((open) -> open != null && open != worker);
	}

	Stream<@Nullable Instant> deadlines() {
		return this.confined.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == ConfinedThreads.COMPILERS)
			.map((entry) -> end(entry.getKey()));
	}

	private static @Nullable Instant end(Worker worker) {
		Instant prepared = worker.prepared();
		return (prepared != null) ? prepared.plus(COMPILING) : null;
	}

}
