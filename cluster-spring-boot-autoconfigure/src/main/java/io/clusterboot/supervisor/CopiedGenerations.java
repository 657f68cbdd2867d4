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

	private static final int NONE = 0;

	private final Workers workers;

	private final Set<Integer> taken = new TreeSet<>();

	private final Set<Integer> trained = new TreeSet<>();

	private int inTraining = NONE;

	CopiedGenerations(Workers workers) {
		this.workers = workers;
	}

	void take(int generation) {
		this.workers.actions().add(new PrimaryAction.CopyCode(generation, training(), this.workers.share()));
	}

	void taken(int generation) {
		this.taken.add(generation);
	}

	boolean has(int generation) {
		return this.taken.contains(generation);
	}

	void trained(int generation) {
		this.trained.add(generation);
		if (this.inTraining == generation) {
			this.inTraining = NONE;
		}
	}

	/**
	 * Train the generations that have shown that they start, when nothing goes on that
	 * would have to share the processors with the training; it is stopped when something
	 * does, and begins again later.
	 * @param quiet whether nothing goes on, except that workers may start
	 */
	void train(boolean quiet) {
		if (!quiet || this.workers.isAnyStarting()) {
			stopTraining();
		}
		else if (this.inTraining == NONE && training() == ReloadTraining.BACKGROUND) {
			this.workers.all()
				.stream()
				.filter((worker) -> worker.isServing() && !this.trained.contains(worker.generation()))
				.findFirst()
				.ifPresent((worker) -> train(worker.generation()));
		}
	}

	private void train(int generation) {
		this.inTraining = generation;
		this.workers.actions().add(new PrimaryAction.Train(generation, this.workers.share()));
	}

	private void stopTraining() {
		if (this.inTraining != NONE) {
			// Before whatever it is stopped for
			this.workers.actions().add(0, new PrimaryAction.StopTraining(this.inTraining));
			this.inTraining = NONE;
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
