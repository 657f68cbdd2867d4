package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.ReloadTraining;

/**
 * The copies that were taken and discarded, as {@link SimulationInvariants} sees them.
 */
final class ObservedCopies {

	private final Set<Integer> asked = new HashSet<>();

	private final Set<Integer> taken = new HashSet<>();

	private final Set<Integer> trained = new HashSet<>();

	private Integer inTraining;

	private final ObservedSettings settings;

	ObservedCopies(ObservedSettings settings) {
		this.settings = settings;
	}

	void taken(int generation) {
		this.taken.add(generation);
	}

	void trained(int generation) {
		this.trained.add(generation);
		if (Objects.equals(this.inTraining, generation)) {
			this.inTraining = null;
		}
	}

	void forked(PrimaryAction.Fork fork) {
		SimulationInvariants.check(this.inTraining == null, "forks nobody beside a training", fork);
		SimulationInvariants.check(this.taken.contains(fork.generation()), "forks what there is a copy of", fork);
	}

	void check(PrimaryAction.CopyCode action) {
		SimulationInvariants.check(this.asked.add(action.generation()), "takes one copy of a generation", action);
		SimulationInvariants.check(is(action.training()), "trains when it should", action);
	}

	void check(PrimaryAction.Train action, Collection<ObservedWorker> workers) {
		SimulationInvariants.check(
				is(ReloadTraining.BACKGROUND) && !this.trained.contains(action.generation()) && this.inTraining == null,
				"trains once, if at all, and one after the other", action);
		SimulationInvariants.check(
				workers.stream().anyMatch((worker) -> worker.isServing() && worker.generation == action.generation()),
				"trains what works", action);
		this.inTraining = action.generation();
	}

	void check(PrimaryAction.StopTraining action) {
		SimulationInvariants.check(Objects.equals(this.inTraining, action.generation()), "stops what runs", action);
		this.inTraining = null;
	}

	void checkTraining(boolean quiet, Collection<ObservedWorker> workers) {
		SimulationInvariants.check(
				this.inTraining == null || quiet && workers.stream().noneMatch(ObservedWorker::isStarting),
				"trains only while nothing else goes on", this.inTraining);
	}

	void check(PrimaryAction.DiscardCode action, Collection<ObservedWorker> workers) {
		SimulationInvariants.check(this.taken.remove(action.generation()), "discards what there is, once", action);
		SimulationInvariants.check(!Objects.equals(this.inTraining, action.generation()),
				"discards nothing in training", action);
		SimulationInvariants.check(workers.stream().noneMatch((worker) -> worker.generation == action.generation()),
				"discards nothing that runs", action);
	}

	void checkSettled(int generation) {
		SimulationInvariants.check(this.taken.equals(Set.of(generation)), "keeps the live copy only", this.taken);
		SimulationInvariants.check(!is(ReloadTraining.BACKGROUND) || this.trained.contains(generation),
				"trains what is live, in the end", this.trained);
	}

	private boolean is(ReloadTraining training) {
		return this.settings.now().reload().training() == training;
	}

}
