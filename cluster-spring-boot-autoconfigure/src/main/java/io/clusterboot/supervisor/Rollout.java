package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Replaces the workers of slots, one after the other or all together. One after the other
 * it keeps within the budget: so many workers more than slots, so many slots not served.
 */
final class Rollout {

	private final Workers workers;

	private final LifeCycle life;

	private final Balancing balancing;

	private final Pace pace;

	private Instant pausedUntil = Instant.MIN;

	Rollout(Workers workers, LifeCycle life, Balancing balancing, Pace pace) {
		this.workers = workers;
		this.life = life;
		this.balancing = balancing;
		this.pace = pace;
	}

	Instant pausedUntil() {
		return this.pausedUntil;
	}

	/**
	 * Wait before the next step.
	 * @param pause how long
	 */
	void pause(Duration pause) {
		this.pausedUntil = this.workers.now().plus(pause);
	}

	/**
	 * Replace workers as far as the budget allows now.
	 * @param slots the slots that a generation is to have
	 * @param generation the generation
	 * @param reload the reload that this is part of, or {@code null}
	 */
	void roll(Collection<Slot> slots, int generation, @Nullable Reload reload) {
		slots.stream().filter(Rollout::isWarm).forEach((slot) -> promote(slot, reload));
		for (Slot slot : urgentFirst(slots)) {
			if (slot.next() == null && (!slot.isOf(generation) || mayBeRenewed(slot, reload))
					&& (room() > 0 || mayBeVacated(slot)) && this.pace.allowsMore()) {
				if (room() <= 0) {
					vacate(slot, generation, reload);
				}
				if (room() > 0) {
					fork(slot, generation, reload);
				}
			}
		}
	}

	/**
	 * Replace workers together, once all the new ones are ready.
	 * @param slots the slots that a generation is to have
	 * @param generation the generation
	 * @param reload the reload that this is part of
	 */
	void switchTogether(Collection<Slot> slots, int generation, Reload reload) {
		for (Slot slot : slots) {
			if (slot.next() == null && this.pace.allowsMore()) {
				fork(slot, generation, reload);
			}
		}
		if (slots.stream().allMatch(Rollout::isWarm)) {
			slots.forEach((slot) -> promote(slot, reload));
		}
	}

	/**
	 * Replace what is not of a generation, as far as the budget and the slots' backoff
	 * allow now. Of the marked only those who do not serve are replaced: they would use
	 * up the budget for ever, and others may follow on each other without an end.
	 * @param generation the generation that all slots should have
	 * @param reload the reload that this undoes, or {@code null}
	 */
	void bringBack(int generation, @Nullable Reload reload) {
		roll(due((slot) -> slot.isOutdated(generation) || (slot.isMarked() && !slot.isServed())), generation, reload);
	}

	/**
	 * Replace what is not of a generation or is marked, as far as the budget and the
	 * slots' backoff allow now.
	 * @param generation the generation that all slots should have
	 */
	void renew(int generation) {
		roll(due((slot) -> slot.isOutdated(generation) || slot.isMarked()), generation, null);
	}

	private List<Slot> due(Predicate<Slot> stale) {
		Instant now = this.workers.now();
		return this.workers.slots()
			.stream()
			.filter((slot) -> slot.next() != null || slot.isReserved()
					|| (stale.test(slot) && !slot.notBefore().isAfter(now)))
			.toList();
	}

	/**
	 * Return whether no slot has another generation or waits for a worker of this one.
	 * @param generation the generation
	 * @return whether there is nothing to bring back
	 */
	boolean isBack(int generation) {
		return this.workers.slots()
			.stream()
			.noneMatch((slot) -> slot.next() != null || slot.isReserved() || slot.isOutdated(generation));
	}

	/**
	 * Give up what is on its way.
	 * @param reason why
	 */
	void dismiss(String reason) {
		for (Slot slot : this.workers.slots()) {
			Worker next = slot.next();
			if (next != null) {
				slot.next(null);
				this.life.retire(next, false, reason);
			}
		}
	}

	// Who was promoted just now may be marked already
	private boolean mayBeRenewed(Slot slot, @Nullable Reload reload) {
		boolean forward = reload != null && reload.isGoingForward();
		return slot.isMarked() && !forward && !slot.notBefore().isAfter(this.workers.now());
	}

	static List<Slot> urgentFirst(Collection<Slot> slots) {
		return slots.stream().sorted(Comparator.comparing(Slot::isServed)).toList();
	}

	private boolean mayBeVacated(Slot slot) {
		int budget = this.workers.settings().reload().maxUnavailable();
		Worker current = slot.current();
		if (budget == 0) {
			return false;
		}
		if (current == null) {
			return true;
		}
		// Who is ready is not made up for by others that are merely open
		Predicate<Slot> available = (slot.isServed()) ? Slot::isServed : (other) -> other.open() != null;
		long unavailable = this.workers.slots().stream().filter(available.negate()).count();
		return current.canDrain() && (slot.open() == null || unavailable < budget);
	}

	// Places are kept for those that will be respawned
	private int room() {
		long vacant = this.workers.slots().stream().filter(Slot::isVacant).count();
		long present = this.workers.all().stream().filter((worker) -> !worker.isSpare()).count();
		int most = this.workers.slots().size() + this.workers.settings().reload().maxSurge();
		return most - (int) (present + vacant);
	}

	private void fork(Slot slot, int generation, @Nullable Reload reload) {
		Worker current = slot.current();
		String reason = "brings generation %d".formatted(generation);
		if (current != null) {
			reason = (slot.isOf(generation)) ? "replaces worker %d: %s".formatted(current.id(), current.marked())
					: "replaces generation %d by %d".formatted(current.generation(), generation);
		}
		Worker worker = this.life.fork(slot, generation, this.workers.settings().reload().readyTimeout(), reason);
		slot.next(worker);
		if (reload != null) {
			reload.steps().forked(worker, this.workers.now());
		}
	}

	private void vacate(Slot slot, int generation, @Nullable Reload reload) {
		Worker old = slot.current();
		slot.reserved(true);
		if (old != null) {
			slot.current(null);
			// before the drain, which accepts what came until then
			this.balancing.steer();
			this.life.retire(old, true, (old.generation() == generation) ? "makes room for its replacement"
					: "makes room for generation %d".formatted(generation));
			if (reload != null) {
				reload.steps().vacated(old);
			}
		}
	}

	private void promote(Slot slot, @Nullable Reload reload) {
		Worker old = slot.current();
		Worker promoted = slot.next();
		if (promoted == null) {
			return;
		}
		slot.next(null);
		slot.current(promoted);
		slot.reserved(false);
		slot.backoff().reset();
		this.life.open(promoted);
		if (reload != null) {
			reload.steps().promoted(promoted, old, this.workers.now());
		}
		if (old != null && mayBeParked(old, reload)) {
			this.life.park(old, promoted);
		}
		else if (old != null) {
			this.life.retire(old, false, "replaced by worker %d".formatted(promoted.id()));
		}
	}

	private boolean mayBeParked(Worker old, @Nullable Reload reload) {
		return reload != null && reload.isWatched() && old.isServing()
				&& this.workers.settings().reload().maxSurge() > 0;
	}

	/**
	 * Give slots back to those who are parked, whose gates are opened again.
	 * @param reload the reload for which they were parked
	 * @param reason why those who cannot have them back must end
	 */
	void bringBackParked(Reload reload, String reason) {
		for (Slot slot : this.workers.slots()) {
			if (slot.isBackedUp()) {
				giveBack(slot, reload);
			}
		}
		dismissParked(reason);
	}

	/**
	 * Give a slot back to who is parked. Who has it is to end or does so already.
	 * @param slot the slot, which is backed up
	 * @param reload the reload for which it was
	 */
	void giveBack(Slot slot, Reload reload) {
		Worker parked = Objects.requireNonNull(slot.parked());
		Worker watched = slot.current();
		slot.parked(null);
		slot.current(parked);
		this.life.open(parked);
		reload.steps().returned(parked, watched, this.workers.now());
	}

	/**
	 * Let those go who are parked.
	 * @param reason why
	 */
	void dismissParked(String reason) {
		for (Slot slot : this.workers.slots()) {
			Worker parked = slot.parked();
			if (parked != null) {
				slot.parked(null);
				this.life.retire(parked, false, reason);
			}
		}
	}

	private static boolean isWarm(Slot slot) {
		return slot.next() != null && slot.next().isAccepting() && !slot.next().isEnding() && !slot.next().isHung();
	}

}
