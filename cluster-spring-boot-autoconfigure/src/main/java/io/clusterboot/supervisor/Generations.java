package io.clusterboot.supervisor;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.ReloadTraining;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * Which generation is live, which was, which comes, and which have a copy of their code.
 */
final class Generations {

	private static final int NONE = 0;

	private final Workers workers;

	private int live = 1;

	private int latest = 1;

	private int previous;

	private final Set<Integer> taken = new TreeSet<>();

	private final Set<Integer> trained = new TreeSet<>();

	private int inTraining = NONE;

	Generations(Workers workers) {
		this.workers = workers;
	}

	/**
	 * Return the generation that is live, which new workers of a slot get.
	 * @return the generation
	 */
	int live() {
		return this.live;
	}

	/**
	 * Return the generation that a reload brings or brought last, live or not.
	 * @return the generation
	 */
	int latest() {
		return this.latest;
	}

	/**
	 * Return the generation that was live before the one that is.
	 * @return the generation, 0 if there was none
	 */
	int previous() {
		return this.previous;
	}

	/**
	 * Begin another generation.
	 * @return its number
	 */
	int begin() {
		return ++this.latest;
	}

	void goLive(int generation) {
		this.previous = this.live;
		this.live = generation;
	}

	void take(int generation) {
		this.workers.act(new PrimaryAction.CopyCode(generation, training(), this.workers.share()));
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
	 * Train the generation that is live, once it has shown that it starts, when nothing
	 * goes on that would have to share the processors with the training; it is stopped
	 * when something does, and begins again later.
	 * @param quiet whether nothing goes on, except that workers may start
	 */
	void train(boolean quiet) {
		if (!quiet || this.workers.all().stream().anyMatch(Worker::isStarting)) {
			stopTraining();
		}
		else if (this.inTraining == NONE && training() == ReloadTraining.BACKGROUND && !this.trained.contains(this.live)
				&& this.workers.all()
					.stream()
					.anyMatch((worker) -> worker.generation() == this.live && worker.isServing())) {
			this.inTraining = this.live;
			this.workers.act(new PrimaryAction.Train(this.live, this.workers.share()));
		}
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
	 * @param reloading whether a reload brings the latest generation
	 */
	void discard(boolean reloading) {
		for (int generation : List.copyOf(this.taken)) {
			if (generation != this.live && !(reloading && generation == this.latest)
					&& this.workers.all().stream().noneMatch((worker) -> worker.generation() == generation)) {
				this.taken.remove(generation);
				this.trained.remove(generation);
				this.workers.act(new PrimaryAction.DiscardCode(generation));
			}
		}
	}

}
