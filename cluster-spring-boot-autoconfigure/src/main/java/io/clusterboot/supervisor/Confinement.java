package io.clusterboot.supervisor;

import java.util.HashSet;
import java.util.Set;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * Keeps workers that start away from some of the processors for as long as others serve:
 * a start takes all that it can get, and requests would wait for it.
 */
final class Confinement {

	private final Workers workers;

	private Set<Worker> confined = Set.of();

	Confinement(Workers workers) {
		this.workers = workers;
	}

	void advance() {
		Set<Worker> confined = new HashSet<>(this.workers.all());
		confined.removeIf((worker) -> !isConfined(worker));
		// In the order of their ids
		for (Worker worker : this.workers.all()) {
			if (confined.contains(worker) != this.confined.contains(worker)) {
				this.workers.act(new PrimaryAction.Confine(worker.id(), confined.contains(worker)));
			}
		}
		this.confined = confined;
	}

	private boolean isConfined(Worker worker) {
		return worker.isStarting() && !worker.isOpen()
				&& this.workers.slots().stream().map(Slot::open).anyMatch((open) -> open != null && open != worker);
	}

}
