package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * The slots, who serves them and what the kernel was told about them, as
 * {@link SimulationInvariants} sees it.
 */
final class ObservedSlots {

	private final ObservedSettings settings;

	private final boolean capacityGuaranteed;

	private final ObservedAdoptions adoptions = new ObservedAdoptions();

	private int target;

	// How many have a socket, or will when it is needed
	private int open;

	private boolean wasComplete;

	private final ObservedSteering steering = new ObservedSteering();

	ObservedSlots(ObservedSettings settings, boolean capacityGuaranteed) {
		this.settings = settings;
		this.capacityGuaranteed = capacityGuaranteed;
		this.target = settings.now().workers();
		this.open = this.target;
	}

	ObservedSteering steering() {
		return this.steering;
	}

	ObservedAdoptions adoptions() {
		return this.adoptions;
	}

	int target() {
		return this.target;
	}

	void target(int target) {
		if (target > this.target) {
			this.wasComplete = false;
		}
		this.target = target;
		this.open = Math.max(this.open, target);
	}

	void check(PrimaryAction.Fork fork, Collection<ObservedWorker> workers, boolean rollingOnly) {
		SimulationInvariants.check(fork.slot() < this.target, "forks for slots that there are", fork);
		long staying = workers.stream()
			.filter((worker) -> !worker.left && !worker.isSpare() && worker.slot < this.target)
			.count();
		SimulationInvariants.check(spares(workers) <= this.settings.most(SupervisorSettings::spares),
				"keeps no more spares than it should", fork);
		SimulationInvariants.check(!rollingOnly || staying <= this.target + this.settings.maxSurge(),
				"keeps within the surge", fork);
	}

	/**
	 * Check that a worker may start now.
	 * @param fork its fork
	 * @param workers all other workers
	 */
	void checkPace(PrimaryAction.Fork fork, Collection<ObservedWorker> workers) {
		boolean vacant = workers.stream().noneMatch((other) -> other.slot == fork.slot() && other.isInCharge());
		boolean replaces = fork.slot() == WorkerIdentity.NO_SLOT || !vacant;
		long before = workers.stream()
			.filter((other) -> other.isStarting() && (replaces || other.fillsVacancy))
			.count();
		SimulationInvariants.check(before < this.settings.most(SupervisorSettings::parallelStarts),
				"starts no more at once than the processors can", fork);
	}

	/**
	 * Return whether no more workers may start now.
	 * @param workers all workers
	 * @return whether as many start as the processors can
	 */
	boolean isCrowded(Collection<ObservedWorker> workers) {
		return workers.stream().filter(ObservedWorker::isStarting).count() >= this.settings
			.least(SupervisorSettings::parallelStarts);
	}

	void check(PrimaryAction.Assign assign, ObservedWorker spare, Collection<ObservedWorker> workers) {
		SimulationInvariants.check(spare.isSpare() && spare.accepting && !spare.isEnding(), "assigns warm spares",
				assign);
		SimulationInvariants.check(
				assign.slot() < this.target
						&& workers.stream().noneMatch((other) -> other.slot == assign.slot() && other.isInCharge()),
				"assigns slots that need somebody", assign);
		spare.slot = assign.slot();
	}

	private static long spares(Collection<ObservedWorker> workers) {
		return workers.stream()
			.filter((worker) -> worker.isSpare() && !worker.isEnding() && !worker.left && !worker.unhealthy)
			.count();
	}

	private static boolean isWarm(ObservedWorker worker) {
		return worker.isSpare() && worker.accepting && !worker.isEnding() && !worker.left;
	}

	void check(PrimaryAction.CloseSlot close, Collection<ObservedWorker> workers) {
		SimulationInvariants.check(close.slot() == this.open - 1 && close.slot() >= this.target,
				"closes the last slot if it is not needed", close);
		SimulationInvariants.check(workers.stream().noneMatch((worker) -> worker.slot == close.slot()),
				"closes no slot that has workers", close);
		SimulationInvariants.check(!this.steering.slots().contains(close.slot()), "steers away before it closes",
				close);
		this.adoptions.check(close);
		this.open--;
	}

	void check(PrimaryAction.Send send, boolean last, ObservedWorker worker, boolean stopping) {
		SimulationInvariants.check(
				last == stopping || last && (worker.slot >= this.target || this.settings.maxUnavailable() > 0),
				"says whether nobody takes over", send);
	}

	/**
	 * Check that a worker may be taken away.
	 * @param worker the worker
	 * @param workers all workers
	 * @param action what takes it away
	 */
	void checkTaken(ObservedWorker worker, Collection<ObservedWorker> workers, PrimaryAction action) {
		boolean replaced = workers.stream()
			.anyMatch((other) -> other != worker && other.slot == worker.slot && other.isServing());
		Set<Integer> others = new HashSet<>();
		workers.stream()
			.filter((other) -> other != worker && other.isServing() && other.slot < this.target)
			.forEach((other) -> others.add(other.slot));
		SimulationInvariants.check(
				!worker.isServing() || replaced || worker.slot >= this.target
						|| this.settings.maxUnavailable() > 0
								&& others.size() >= this.target - this.settings.maxUnavailable(),
				"takes away nobody who is not replaced", action);
	}

	/**
	 * A worker has its slot back.
	 * @param worker the worker, which was parked
	 * @param workers all workers
	 */
	void returned(ObservedWorker worker, Collection<ObservedWorker> workers) {
		worker.parked = false;
		workers.stream()
			.filter((other) -> other != worker && other.slot == worker.slot && other.opened && !other.isServing())
			.forEach((other) -> other.superseded = true);
	}

	/**
	 * Check that those who are parked are not needed.
	 * @param workers all workers
	 * @param stopping whether the cluster stops
	 */
	void checkParked(Collection<ObservedWorker> workers, boolean stopping) {
		for (ObservedWorker worker : workers) {
			SimulationInvariants.check(
					!worker.isBackup() || stopping
							|| workers.stream().anyMatch((other) -> other.slot == worker.slot && other.isServing()),
					"opens who is parked as soon as the other does not serve", worker);
			SimulationInvariants.check(
					!worker.superseded || worker.isEnding() || worker.left || worker.hungAt != ObservedWorker.NEVER,
					"ends who has lost its slot", worker);
		}
	}

	/**
	 * Check how things are.
	 * @param workers all workers
	 * @param up whether the cluster listens and does not stop
	 * @param stopping whether it stops
	 * @param now the time
	 */
	void check(Collection<ObservedWorker> workers, boolean up, boolean stopping, long now) {
		Set<Integer> served = new HashSet<>();
		Set<Integer> inCharge = new HashSet<>();
		for (ObservedWorker worker : workers) {
			SimulationInvariants.check(!worker.isInCharge() || inCharge.add(worker.slot),
					"has one worker in charge of a slot", worker);
			if (worker.isServing()) {
				served.add(worker.slot);
			}
		}
		if (up) {
			this.steering.check(workers, this.settings, now);
			this.adoptions.check(workers, this.target, this.open, now);
		}
		this.wasComplete |= served.size() == this.target;
		SimulationInvariants.check(!this.capacityGuaranteed || !this.wasComplete || stopping
				|| served.size() >= this.target - this.settings.maxUnavailable(), "keeps its capacity", served);
	}

	boolean isComplete(Collection<ObservedWorker> workers) {
		return this.open == this.target && workers.size() == this.target + this.settings.now().spares()
				&& workers.stream().allMatch((worker) -> !worker.unhealthy && (worker.isServing() || isWarm(worker)));
	}

	void checkSettled(Collection<ObservedWorker> workers) {
		int spares = this.settings.now().spares();
		SimulationInvariants.check(workers.size() == this.target + spares,
				"ends with one worker for each slot and all spares", workers);
		SimulationInvariants.check(spares(workers) == spares, "ends with all spares", workers);
		SimulationInvariants.check(this.open == this.target, "ends with one socket for each slot", this.open);
	}

}
