package io.clusterboot.supervisor;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;

/**
 * Who accepts for slots that nobody serves, as {@link SimulationInvariants} sees it.
 */
final class ObservedAdoptions {

	private static final long LIMIT = 5000;

	private final Map<Integer, ObservedWorker> adopters = new TreeMap<>();

	private final Set<Integer> releasing = new HashSet<>();

	private final Set<Integer> emptied = new HashSet<>();

	void released(ObservedWorker worker, int slot) {
		if (this.adopters.get(slot) == worker && this.releasing.remove(slot)) {
			this.adopters.remove(slot);
			this.emptied.add(slot);
		}
	}

	void failed(ObservedWorker worker, int slot, long now) {
		if (this.adopters.get(slot) == worker) {
			worker.adoptsFrom = now + LIMIT;
		}
	}

	void check(PrimaryAction.Adopt adopt, ObservedWorker worker, Collection<ObservedWorker> workers, long now) {
		SimulationInvariants.check(worker.isReliable(workers, now), "lends to who serves", adopt);
		SimulationInvariants.check(worker.adoptsFrom <= now, "lends to who can adopt", adopt);
		SimulationInvariants.check(!isServed(adopt.slot(), workers, now), "lends what nobody serves", adopt);
		ObservedWorker before = this.adopters.put(adopt.slot(), worker);
		SimulationInvariants.check(before == null || !before.isReliable(workers, now), "lends to one at a time", adopt);
		this.releasing.remove(adopt.slot());
		this.emptied.remove(adopt.slot());
	}

	void check(Message.Release release, ObservedWorker worker, Collection<ObservedWorker> workers, int target,
			long now) {
		int slot = release.slot();
		SimulationInvariants.check(this.adopters.get(slot) == worker, "takes back what it lent", release);
		if (release.last()) {
			SimulationInvariants.check(slot >= target && workers.stream().noneMatch((other) -> other.slot == slot),
					"empties the queue of a slot that is not used any more", release);
			SimulationInvariants.check(this.releasing.add(slot), "asks once", release);
		}
		else {
			SimulationInvariants.check(
					isServed(slot, workers, now) || !worker.isReliable(workers, now) || worker.adoptsFrom > now,
					"takes back what is served again", release);
			this.adopters.remove(slot);
			this.releasing.remove(slot);
		}
	}

	void check(PrimaryAction.CloseSlot close) {
		SimulationInvariants.check(this.emptied.remove(close.slot()), "closes no queue that may have something in it",
				close);
	}

	void check(Collection<ObservedWorker> workers, int target, int open, long now) {
		Set<Integer> served = workers.stream()
			.filter((worker) -> worker.isReliable(workers, now))
			.map((worker) -> worker.slot)
			.collect(Collectors.toSet());
		boolean possible = workers.stream()
			.anyMatch((worker) -> worker.isReliable(workers, now) && worker.adoptsFrom <= now);
		for (int slot = 0; slot < open && possible; slot++) {
			ObservedWorker adopter = this.adopters.get(slot);
			boolean needed = (slot < target) ? !served.contains(slot) : !this.emptied.contains(slot);
			SimulationInvariants.check(!needed || adopter != null && adopter.isReliable(workers, now),
					"leaves nobody waiting in a queue", slot);
			SimulationInvariants.check(
					needed || adopter == null || adopter.isEnding() || adopter.left || this.releasing.contains(slot),
					"lends only what nobody serves", slot);
		}
	}

	private static boolean isServed(int slot, Collection<ObservedWorker> workers, long now) {
		return workers.stream().anyMatch((worker) -> worker.slot == slot && worker.isReliable(workers, now));
	}

}
