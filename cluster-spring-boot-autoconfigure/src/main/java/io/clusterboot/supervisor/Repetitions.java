package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

import io.clusterboot.IncidentCause;
import io.clusterboot.supervisor.table.Report;
import io.clusterboot.supervisor.table.RespawnBackoff;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Remembers by generation why workers were to be replaced, so that nobody goes round in
 * circles because fresh workers do the same.
 */
final class Repetitions {

	// Of fresh workers, after the first that made its report
	private static final int ENOUGH = 3;

	private static final int REMEMBERED = 20;

	private final Workers workers;

	private final Generations generations;

	private final RandomGenerator random;

	private final Map<Integer, Memory> memories = new HashMap<>();

	Repetitions(Workers workers, Generations generations, RandomGenerator random) {
		this.workers = workers;
		this.generations = generations;
		this.random = random;
	}

	/**
	 * A worker makes a report.
	 * @param worker the worker
	 * @param report what it says
	 */
	void add(Worker worker, Report report) {
		this.memories.keySet()
			.retainAll(List.of(this.generations.previous(), this.generations.live(), this.generations.latest(),
					worker.generation()));
		Map<Report, Repetition> reports = memory(worker.generation()).reports;
		Repetition repetition = reports.get(report);
		if (repetition == null) {
			if (reports.size() == REMEMBERED) {
				reports.remove(reports.keySet().iterator().next());
			}
			repetition = new Repetition(this.workers.lastId(), before(worker, report));
			reports.put(report, repetition);
		}
		Duration age = age(worker);
		repetition.soonest = (age.compareTo(repetition.soonest) < 0) ? age : repetition.soonest;
		if (isFresh(worker) && worker.id() > repetition.lastBefore && worker.defect() == null) {
			repetition.count++;
		}
	}

	/**
	 * Return whether it was shown that fresh workers make a report as well.
	 * @param generation the generation of the workers
	 * @param report the report, which one of them has made
	 * @return whether to replace them does not help
	 */
	boolean areEnough(int generation, Report report) {
		Repetition repetition = memory(generation).reports.get(report);
		return repetition != null && repetition.count >= ENOUGH;
	}

	/**
	 * Remember that it was told what is enough.
	 * @param generation the generation of the workers
	 * @param report the report
	 * @return whether that is new, to those of the generation before as well
	 */
	boolean tell(int generation, Report report) {
		Repetition repetition = memory(generation).reports.get(report);
		boolean news = repetition != null && !repetition.told;
		if (news) {
			repetition.told = true;
		}
		return news;
	}

	/**
	 * Return whether a report tells nothing against a new generation.
	 * @param worker the worker that makes it
	 * @param report the report
	 * @return whether those of the live generation have made it as well, and as soon
	 */
	boolean isOld(Worker worker, Report report) {
		Repetition before = memory(this.generations.live()).reports.get(report);
		return before != null && worker.generation() != this.generations.live()
				&& before.soonest.compareTo(age(worker).plus(this.workers.settings().respawnStableAfter())) <= 0;
	}

	/**
	 * Return how long to wait before a worker is replaced.
	 * @param worker the worker
	 * @param cause the kind of cause
	 * @return not at all, unless fresh workers had to be replaced as well
	 */
	Duration delay(Worker worker, IncidentCause cause) {
		Map<IncidentCause, Delays> delays = memory(worker.generation()).delays;
		if (!isFresh(worker)) {
			delays.remove(cause);
			return Duration.ZERO;
		}
		Delays known = delays.computeIfAbsent(cause,
				(unknown) -> new Delays(this.workers.lastId(), new RespawnBackoff(this.random)));
		return (worker.id() > known.lastBefore) ? known.backoff.next(this.workers.settings()) : Duration.ZERO;
	}

	private @Nullable Repetition before(Worker worker, Report report) {
		int live = this.generations.live();
		int before = (worker.generation() != live) ? live : this.generations.previous();
		return memory(before).reports.get(report);
	}

	private boolean isFresh(Worker worker) {
		return age(worker).compareTo(this.workers.settings().respawnStableAfter()) <= 0;
	}

	private Duration age(Worker worker) {
		Instant prepared = worker.prepared();
		return (prepared != null) ? Duration.between(prepared, this.workers.now()) : Duration.ZERO;
	}

	private Memory memory(int generation) {
		return this.memories.computeIfAbsent(generation, (unknown) -> new Memory());
	}

	/**
	 * What is known of a generation.
	 */
	private static final class Memory {

		private final Map<Report, Repetition> reports = new LinkedHashMap<>();

		private final Map<IncidentCause, Delays> delays = new EnumMap<>(IncidentCause.class);

	}

	/**
	 * How often a report came.
	 */
	private static final class Repetition {

		// The last worker that was forked before it came first
		private final int lastBefore;

		// Since the worker was ready
		private Duration soonest;

		private int count;

		private boolean told;

		private Repetition(int lastId, @Nullable Repetition before) {
			this.lastBefore = (before != null) ? before.lastBefore : lastId;
			this.soonest = Duration.ofSeconds(Long.MAX_VALUE);
			this.count = (before != null) ? before.count : 0;
			this.told = before != null && before.told;
		}

	}

	/**
	 * How long to wait after a cause, whatever workers say about it.
	 *
	 * @param lastBefore the last worker that was forked before it came first
	 * @param backoff how long to wait
	 */
	private record Delays(int lastBefore, RespawnBackoff backoff) {

	}

}
