package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.clusterboot.contract.Precedence;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Keeps workers that start out of the way of those that serve: a start takes all that it
 * can get, and requests would wait for it. One that gets next to nothing that way,
 * because all processors are busy, is let in.
 */
final class Confinement {

	// That of a start which has half of the processors for itself is a few of them
	private static final Duration LEAST = Duration.ofSeconds(1);

	private static final Duration PERIOD = Duration.ofSeconds(5);

	private static final Duration COMPILING = Duration.ofSeconds(30);

	private static final Confined NOT = new Confined(Precedence.EQUAL, Duration.ZERO, null);

	private final Workers workers;

	private Map<Worker, Confined> confined = Map.of();

	Confinement(Workers workers) {
		this.workers = workers;
	}

	void advance() {
		Map<Worker, Confined> confined = new HashMap<>();
		for (Worker worker : this.workers.all()) {
			Confined before = this.confined.getOrDefault(worker, NOT);
			Confined now = advance(worker, before);
			if (now.precedence() != before.precedence()) {
				this.workers.act(new PrimaryAction.Confine(worker.id(), now.precedence()));
			}
			confined.put(worker, now);
		}
		this.confined = confined;
	}

	private Confined advance(Worker worker, Confined before) {
		if (worker.isStarting() && !worker.isOpen()) {
			return (servesBeside(worker)) ? advanceStart(worker, before) : NOT;
		}
		Instant prepared = worker.prepared();
		if (before != NOT && prepared != null && this.workers.now().isBefore(prepared.plus(COMPILING))) {
			return new Confined(Precedence.COMPILERS_LATER, Duration.ZERO, prepared.plus(COMPILING));
		}
		return NOT;
	}

	private Confined advanceStart(Worker worker, Confined before) {
		Instant until = before.until();
		if (before == NOT) {
			return last(Duration.ZERO);
		}
		if (before.precedence() != Precedence.LAST || until == null || this.workers.now().isBefore(until)) {
			return before;
		}
		Duration processorTime = worker.pulse().metrics().cpuTime();
		return (processorTime.minus(before.processorTime()).compareTo(LEAST) >= 0) ? last(processorTime)
				: new Confined(Precedence.BESIDE, Duration.ZERO, null);
	}

	private Confined last(Duration processorTime) {
		return new Confined(Precedence.LAST, processorTime, this.workers.now().plus(PERIOD));
	}

	private boolean servesBeside(Worker worker) {
		return this.workers.slots().stream().map(Slot::open).anyMatch((open) -> open != null && open != worker);
	}

	Stream<@Nullable Instant> deadlines() {
		return this.confined.values().stream().map(Confined::until);
	}

	/**
	 * How a worker is confined.
	 *
	 * @param precedence when it gets processors
	 * @param processorTime what it had used when that was last decided
	 * @param until when it is decided anew, or {@code null}
	 */
	private record Confined(Precedence precedence, Duration processorTime, @Nullable Instant until) {

	}

}
