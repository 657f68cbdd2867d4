package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.clusterboot.ReloadStepSnapshot;
import io.clusterboot.supervisor.table.Worker;
import org.jspecify.annotations.Nullable;

/**
 * What a reload did to the slots, in order: one step for each worker that it forked.
 */
final class ReloadSteps {

	// A way back that does not work is tried for as long as it takes, and the reloads
	// that are remembered fit into one frame of the channel
	private static final int REMEMBERED = 100;

	private final Map<Integer, ReloadStepSnapshot> steps = new LinkedHashMap<>();

	private final Set<Integer> liveGenerations = new HashSet<>();

	// By slot the worker that made room for the next one before that was forked
	private final Map<Integer, Vacated> vacated = new HashMap<>();

	void vacated(Worker old) {
		this.vacated.put(old.slot().index(), new Vacated(old.id(), null));
	}

	void forked(Worker worker, Instant now) {
		int slot = worker.slot().index();
		Vacated old = this.vacated.remove(slot);
		put(worker.id(), new ReloadStepSnapshot(slot, worker.generation(), worker.id(), now, null,
				(old != null) ? (Integer) old.worker() : null, (old != null) ? old.drained() : null));
	}

	private void put(int worker, ReloadStepSnapshot step) {
		this.steps.put(worker, step);
		if (this.steps.size() > REMEMBERED) {
			this.steps.remove(this.steps.keySet().iterator().next());
		}
	}

	void promoted(Worker worker, @Nullable Worker old, Instant now) {
		this.liveGenerations.add(worker.generation());
		this.steps.computeIfPresent(worker.id(), (id, step) -> new ReloadStepSnapshot(step.slot(), step.generation(),
				id, step.forked(), now, (old != null) ? (Integer) old.id() : step.replaced(), step.drained()));
	}

	/**
	 * A worker has its slot back.
	 * @param worker the worker, which was forked long ago
	 * @param watched who had it meanwhile, or {@code null} if that one is gone
	 * @param now when
	 */
	void returned(Worker worker, @Nullable Worker watched, Instant now) {
		this.liveGenerations.add(worker.generation());
		put(worker.id(), new ReloadStepSnapshot(worker.slot().index(), worker.generation(), worker.id(),
				worker.started(), now, (watched != null) ? (Integer) watched.id() : null, null));
	}

	/**
	 * A worker is gone.
	 * @param worker its id
	 * @param now when
	 * @return whether another one has taken its place or will
	 */
	boolean exited(int worker, Instant now) {
		boolean replaced = false;
		for (Map.Entry<Integer, Vacated> entry : this.vacated.entrySet()) {
			if (entry.getValue().worker() == worker) {
				replaced = true;
				entry.setValue(new Vacated(worker, now));
			}
		}
		for (Map.Entry<Integer, ReloadStepSnapshot> entry : this.steps.entrySet()) {
			ReloadStepSnapshot step = entry.getValue();
			if (step.replaced() != null && step.replaced() == worker) {
				replaced = true;
				entry.setValue(new ReloadStepSnapshot(step.slot(), step.generation(), step.worker(), step.forked(),
						step.ready(), worker, now));
			}
		}
		return replaced;
	}

	boolean wasLive(int generation) {
		return this.liveGenerations.contains(generation);
	}

	List<ReloadStepSnapshot> all() {
		return List.copyOf(this.steps.values());
	}

	/**
	 * A worker that left its slot before there was another for it.
	 */
	private record Vacated(int worker, @Nullable Instant drained) {

	}

}
