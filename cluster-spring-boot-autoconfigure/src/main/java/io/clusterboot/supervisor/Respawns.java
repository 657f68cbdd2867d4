package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

import io.clusterboot.supervisor.settings.SupervisorSettings;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.RespawnBackoff;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;

/**
 * Gives slots whose worker died or left another one.
 */
final class Respawns {

	private final Workers workers;

	private final LifeCycle life;

	private final Reloads reloads;

	private final Generations generations;

	private final Pace pace;

	Respawns(Workers workers, LifeCycle life, Reloads reloads, Generations generations, Pace pace) {
		this.workers = workers;
		this.life = life;
		this.reloads = reloads;
		this.generations = generations;
		this.pace = pace;
	}

	/**
	 * A worker is gone or leaves.
	 * @param worker the worker
	 * @param how what happened to it
	 * @param stopping whether nobody is to take its place
	 */
	void lost(Worker worker, String how, boolean stopping) {
		Slot slot = worker.slot();
		if (slot.next() == worker) {
			slot.next(null);
			this.reloads.lostNext(worker, how);
		}
		else if (slot.parked() == worker) {
			slot.parked(null);
			this.workers.warn("%s lost worker %d, which was parked and %s", slot, worker.id(), how);
		}
		else if (slot.current() == worker && slot.isBackedUp()) {
			slot.current(null);
			this.reloads.lostCurrent(worker, how);
		}
		else if (slot.current() == worker) {
			slot.current(null);
			slot.died(worker.prepared() != null);
			Duration delay = (slot.isFailed()) ? slot.backoff().afterFailure(this.workers.settings()) : delay(worker);
			slot.notBefore(this.workers.now().plus(delay));
			slot.restarted();
			if (!stopping) {
				this.workers.warn("%s lost worker %d, which %s; next worker in %s", slot, worker.id(), how,
						Workers.seconds(delay));
				if (slot.isFailed()) {
					this.workers.error("%s has failed: %d workers in a row ended before they were ready", slot,
							slot.deaths());
				}
				this.reloads.lostCurrent(worker, how);
			}
		}
		else {
			// It may have been watched and its slot given back before
			this.reloads.lostCurrent(worker, how);
		}
	}

	private Duration delay(Worker worker) {
		RespawnBackoff backoff = worker.slot().backoff();
		SupervisorSettings settings = this.workers.settings();
		Instant prepared = worker.prepared();
		if (prepared != null && !prepared.plus(settings.respawnStableAfter()).isAfter(this.workers.now())) {
			backoff.reset();
		}
		return backoff.next(settings);
	}

	/**
	 * Fork what is due.
	 */
	void advance() {
		boolean up = this.workers.isUp();
		boolean forkable = this.generations.has(this.generations.live());
		for (Slot slot : this.workers.slots()) {
			boolean due = slot.isVacant() && !slot.notBefore().isAfter(this.workers.now());
			if (due && forkable && (up || slot.index() == 0) && this.pace.allowsRespawn()) {
				slot.current(this.life.fork(slot, this.generations.live(), this.workers.settings().startTimeout(),
						(slot.restarts() > 0) ? "respawn" : "start"));
			}
		}
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<Instant> deadlines() {
		return this.workers.slots().stream().map(Slot::notBefore);
	}

}
