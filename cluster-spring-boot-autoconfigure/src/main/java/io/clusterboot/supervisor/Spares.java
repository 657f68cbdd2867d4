package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Keeps workers warm that have no slot, and gives them those of workers that die.
 */
final class Spares {

	private final Workers workers;

	private final LifeCycle life;

	private final Reloads reloads;

	private final Generations generations;

	private final Pace pace;

	// Each with one spare
	private final List<Slot> places = new ArrayList<>();

	Spares(Workers workers, LifeCycle life, Reloads reloads, Generations generations, Pace pace) {
		this.workers = workers;
		this.life = life;
		this.reloads = reloads;
		this.generations = generations;
		this.pace = pace;
	}

	/**
	 * Give spares the slots that have no worker.
	 */
	void assign() {
		for (Slot slot : this.workers.slots()) {
			Worker spare = (slot.isVacant()) ? warm() : null;
			if (spare != null) {
				this.life.assign(spare, slot);
				this.life.open(spare);
			}
		}
	}

	/**
	 * Fork and retire what is due.
	 */
	void advance() {
		if (!this.workers.isUp()) {
			return;
		}
		resize(this.workers.settings().spares());
		if (this.reloads.isRunning() || !this.generations.has(this.generations.live())) {
			return;
		}
		for (Slot place : this.places) {
			Worker spare = place.current();
			if (spare != null && spare.generation() != this.generations.live()) {
				dismiss(place, "generation %d is live".formatted(this.generations.live()));
			}
			if (place.current() == null && !place.notBefore().isAfter(this.workers.now()) && isEverySlotTaken()
					&& this.pace.allowsMore()) {
				place.current(this.life.fork(place, this.generations.live(), this.workers.settings().startTimeout(),
						"spare"));
			}
		}
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<Instant> deadlines() {
		return this.places.stream().map(Slot::notBefore);
	}

	private void resize(int count) {
		while (this.places.size() < count) {
			this.places.add(this.workers.slotTable().sparePlace());
		}
		while (this.places.size() > count) {
			dismiss(this.places.remove(this.places.size() - 1), "%d spares are enough".formatted(count));
		}
	}

	private void dismiss(Slot place, String reason) {
		Worker spare = place.current();
		if (spare != null) {
			place.current(null);
			this.life.retire(spare, false, reason);
		}
	}

	// Slots come first where starts compete for the processors
	private boolean isEverySlotTaken() {
		return this.workers.slots().stream().noneMatch((slot) -> slot.current() == null);
	}

	private @Nullable Worker warm() {
		return this.places.stream()
			.map(Slot::current)
			.filter((spare) -> spare != null && spare.isWarm() && spare.generation() == this.generations.live())
			.findFirst()
			.orElse(null);
	}

}
