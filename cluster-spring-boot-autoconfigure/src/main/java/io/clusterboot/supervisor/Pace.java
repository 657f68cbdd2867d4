package io.clusterboot.supervisor;

import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * Lets no more workers start at the same time than the processors can: those that start
 * together get ready together, and late.
 * <p>
 * A slot that nobody has comes first. Its worker waits for those of other such slots
 * only, and nobody is replaced while it waits.
 */
final class Pace {

	private final Workers workers;

	// In this event
	private boolean waits;

	private boolean told;

	Pace(Workers workers) {
		this.workers = workers;
	}

	/**
	 * Return whether a worker may be forked for a slot that has none.
	 * @return whether few enough of those start
	 */
	boolean allowsRespawn() {
		return allows(this.workers.all()
			.stream()
			.filter((worker) -> worker.isStarting() && worker.slot().current() == worker && !worker.isSpare())
			.count());
	}

	/**
	 * Return whether a worker may be forked that is to replace another, or to wait.
	 * @return whether few enough start or will before it
	 */
	boolean allowsMore() {
		long starting = this.workers.all().stream().filter(Worker::isStarting).count();
		long due = this.workers.slots()
			.stream()
			.filter((slot) -> slot.isVacant() && !slot.notBefore().isAfter(this.workers.now()))
			.count();
		return allows(starting + due);
	}

	private boolean allows(long before) {
		boolean allowed = before < this.workers.settings().parallelStarts();
		this.waits |= !allowed;
		return allowed;
	}

	/**
	 * Say that workers wait, once until none does any more.
	 */
	void tell() {
		if (this.waits && !this.told) {
			int limit = this.workers.settings().parallelStarts();
			this.workers.info(
					"%d worker%s at the same time, others wait for their turn: a machine with so many processors is no faster with more (cluster.worker.parallel-starts)",
					limit, (limit > 1) ? "s start" : " starts");
		}
		this.told = this.waits;
		this.waits = false;
	}

}
