package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import io.clusterboot.contract.PrimaryAction;

/**
 * Who leaves processors to others, as {@link SimulationInvariants} sees it.
 */
final class ObservedConfinement {

	private final Set<ObservedWorker> confined = new HashSet<>();

	void check(PrimaryAction.Confine confine, ObservedWorker worker) {
		boolean changed = (confine.confined()) ? this.confined.add(worker) : this.confined.remove(worker);
		SimulationInvariants.check(changed, "confines nobody twice", confine);
	}

	/**
	 * Check how things are.
	 * @param workers all workers
	 */
	void check(Collection<ObservedWorker> workers) {
		for (ObservedWorker worker : workers) {
			boolean others = workers.stream().anyMatch((other) -> other != worker && other.isOpen());
			boolean starts = worker.isStarting() && !worker.isOpen();
			SimulationInvariants.check(this.confined.contains(worker) == (starts && others),
					"confines who starts while others serve", worker);
		}
		this.confined.retainAll(workers);
	}

}
