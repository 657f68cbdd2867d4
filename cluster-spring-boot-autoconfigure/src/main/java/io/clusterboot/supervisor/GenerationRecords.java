package io.clusterboot.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;

import io.clusterboot.WorkerMetrics;
import io.clusterboot.channel.GenerationMetrics;
import io.clusterboot.supervisor.table.Worker;

/**
 * How the last generations have fared, so that two of them can be compared.
 */
final class GenerationRecords {

	/**
	 * How many generations are remembered.
	 */
	static final int KEPT = 10;

	private final TreeMap<Integer, GenerationMetrics> generations = new TreeMap<>();

	/**
	 * A worker is ready for the first time.
	 * @param generation its generation
	 * @param startTime how long that took
	 */
	void started(int generation, Duration startTime) {
		GenerationMetrics known = of(generation);
		keep(new GenerationMetrics(generation, known.starts() + 1, known.startTime().plus(startTime), known.time(),
				known.responses(), known.requestTimes(), known.cpuTime(), known.residentSet()));
	}

	/**
	 * Take a heartbeat.
	 * @param worker whose it is
	 * @param before what it said before
	 * @param time how long ago that was
	 */
	void heard(Worker worker, WorkerMetrics before, Duration time) {
		GenerationMetrics known = of(worker.generation());
		WorkerMetrics now = worker.pulse().metrics();
		keep(new GenerationMetrics(known.generation(), known.starts(), known.startTime(), known.time().plus(time),
				known.responses().plus(now.responses().minus(before.responses())),
				known.requestTimes().plus(now.requestTimes().minus(before.requestTimes())),
				known.cpuTime().plus(now.cpuTime().minus(before.cpuTime())),
				Math.max(known.residentSet(), now.residentSet())));
	}

	private GenerationMetrics of(int generation) {
		return this.generations.getOrDefault(generation, GenerationMetrics.none(generation));
	}

	private void keep(GenerationMetrics metrics) {
		this.generations.put(metrics.generation(), metrics);
		if (this.generations.size() > KEPT) {
			this.generations.pollFirstEntry();
		}
	}

	List<GenerationMetrics> all() {
		return List.copyOf(this.generations.values());
	}

}
