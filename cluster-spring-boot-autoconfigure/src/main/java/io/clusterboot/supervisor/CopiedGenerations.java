package io.clusterboot.supervisor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.ReloadTraining;

/**
 * Which generations have a copy of their code.
 */
final class CopiedGenerations {

	private final Workers workers;

	private final Set<Integer> taken = new TreeSet<>();

	private final Set<Integer> trained = new TreeSet<>();

	CopiedGenerations(Workers workers) {
		this.workers = workers;
	}

	void take(int generation) {
		this.workers.actions()
			.add(new PrimaryAction.CopyCode(generation, training() == ReloadTraining.BEFORE, this.workers.share()));
	}

	void taken(int generation) {
		this.taken.add(generation);
	}

	boolean has(int generation) {
		return this.taken.contains(generation);
	}

	/**
	 * Train the generations that have shown that they start, when no worker starts that
	 * would have to share the processors with the training.
	 */
	void train() {
		if (training() != ReloadTraining.BACKGROUND || this.workers.isAnyStarting()) {
			return;
		}
		for (Worker worker : this.workers.all()) {
			if (worker.isServing() && this.trained.add(worker.generation())) {
				this.workers.actions().add(new PrimaryAction.Train(worker.generation(), this.workers.share()));
			}
		}
	}

	private ReloadTraining training() {
		return this.workers.settings().reload().training();
	}

	/**
	 * Discard the copies that no worker runs from and none will.
	 * @param live the generation that is live
	 * @param coming the generation that a reload brings, or the live one
	 */
	void discardAllBut(int live, int coming) {
		for (int generation : List.copyOf(this.taken)) {
			if (generation != live && generation != coming
					&& this.workers.all().stream().noneMatch((worker) -> worker.generation() == generation)) {
				this.taken.remove(generation);
				this.trained.remove(generation);
				this.workers.actions().add(new PrimaryAction.DiscardCode(generation));
			}
		}
	}

}
