package io.clusterboot.primary;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which generations have a snapshot of their code.
 */
final class GenerationSnapshots {

	private final Workers workers;

	private final Set<Integer> taken = new TreeSet<>();

	GenerationSnapshots(Workers workers) {
		this.workers = workers;
	}

	void take(int generation) {
		this.workers.actions().add(new PrimaryAction.TakeSnapshot(generation, false));
	}

	void taken(int generation) {
		this.taken.add(generation);
	}

	boolean has(int generation) {
		return this.taken.contains(generation);
	}

	/**
	 * Discard the snapshots that no worker runs from and none will.
	 * @param live the generation that is live
	 * @param coming the generation that a reload brings, or the live one
	 */
	void discardAllBut(int live, int coming) {
		for (int generation : List.copyOf(this.taken)) {
			if (generation != live && generation != coming
					&& this.workers.all().stream().noneMatch((worker) -> worker.generation() == generation)) {
				this.taken.remove(generation);
				this.workers.actions().add(new PrimaryAction.DiscardSnapshot(generation));
			}
		}
	}

}
