package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import io.clusterboot.contract.ConfinedThreads;
import io.clusterboot.contract.PrimaryAction;

/**
 * Who stands back for others, as {@link SimulationInvariants} sees it.
 */
final class ObservedConfinement {

	private static final long COMPILING = 30_000;

	private final Map<ObservedWorker, ConfinedThreads> confined = new HashMap<>();

	void check(PrimaryAction.Confine confine, ObservedWorker worker) {
		ConfinedThreads before = this.confined.put(worker, confine.threads());
		SimulationInvariants.check(confine.threads() != before, "confines nobody twice", confine);
		SimulationInvariants.check(confine.threads() == ConfinedThreads.ALL || before != null, "confines a start first",
				confine);
	}

	/**
	 * Check how things are.
	 * @param workers all workers
	 * @param now the time
	 */
	void check(Collection<ObservedWorker> workers, long now) {
		for (ObservedWorker worker : workers) {
			boolean others = workers.stream().anyMatch((other) -> other != worker && other.isOpen());
			boolean starts = worker.isStarting() && !worker.isOpen();
			ConfinedThreads threads = this.confined.getOrDefault(worker, ConfinedThreads.NONE);
			SimulationInvariants.check((threads == ConfinedThreads.ALL) == (starts && others),
					"confines who starts while others serve", worker);
			SimulationInvariants.check(threads != ConfinedThreads.COMPILERS || now < worker.preparedAt + COMPILING,
					"gives all back in time", worker);
		}
		this.confined.keySet().retainAll(workers);
	}

}
