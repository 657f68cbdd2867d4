package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

import io.clusterboot.contract.Precedence;
import io.clusterboot.contract.PrimaryAction;

/**
 * Who stands back for others, as {@link SimulationInvariants} sees it.
 */
final class ObservedConfinement {

	private static final long COMPILING = 30_000;

	private final Map<ObservedWorker, Precedence> given = new HashMap<>();

	void check(PrimaryAction.Confine confine, ObservedWorker worker) {
		Precedence before = this.given.getOrDefault(worker, Precedence.EQUAL);
		Precedence after = confine.precedence();
		this.given.put(worker, after);
		SimulationInvariants.check(after != before, "confines nobody twice", confine);
		SimulationInvariants.check(
				(after == Precedence.LAST) ? before == Precedence.EQUAL : after.compareTo(before) < 0,
				"a start is the last, and gets only nearer", confine);
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
			Precedence precedence = this.given.getOrDefault(worker, Precedence.EQUAL);
			SimulationInvariants.check(precedence.compareTo(Precedence.BESIDE) >= 0 == (starts && others),
					"confines who starts while others serve", worker);
			SimulationInvariants.check(precedence != Precedence.COMPILERS_LATER || now < worker.preparedAt + COMPILING,
					"gives all back in time", worker);
		}
		this.given.keySet().retainAll(workers);
	}

}
