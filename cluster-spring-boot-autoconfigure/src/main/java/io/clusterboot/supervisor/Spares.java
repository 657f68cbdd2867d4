package io.clusterboot.supervisor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Keeps workers warm that have no slot, and gives them those of workers that die.
 */
final class Spares {

	private final Workers workers;

	private final Reloads reloads;

	// Each with one spare
	private final List<Slot> places = new ArrayList<>();

	Spares(Workers workers, Reloads reloads) {
		this.workers = workers;
		this.reloads = reloads;
	}

	/**
	 * Give spares the slots that have no worker.
	 */
	void assign() {
		for (Slot slot : this.workers.slots()) {
			Worker spare = (slot.isVacant()) ? warm() : null;
			if (spare != null) {
				this.workers.assign(spare, slot);
				this.workers.open(spare);
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
		if (this.reloads.isRunning() || !this.reloads.copies().has(this.reloads.generation())) {
			return;
		}
		for (Slot place : this.places) {
			Worker spare = place.current();
			if (spare != null && spare.generation() != this.reloads.generation()) {
				dismiss(place, "generation %d is live".formatted(this.reloads.generation()));
			}
			if (place.current() == null && !place.notBefore().isAfter(this.workers.now()) && isEverySlotTaken()
					&& this.workers.pace().allowsMore()) {
				place.current(this.workers.fork(place, this.reloads.generation(),
						this.workers.settings().startTimeout(), "spare"));
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
			this.workers.retire(spare, false, reason);
		}
	}

	// Slots come first where starts compete for the processors
	private boolean isEverySlotTaken() {
		return this.workers.slots().stream().noneMatch((slot) -> slot.current() == null);
	}

	private @Nullable Worker warm() {
		return this.places.stream()
			.map(Slot::current)
			.filter((spare) -> spare != null && spare.isWarm() && spare.generation() == this.reloads.generation())
			.findFirst()
			.orElse(null);
	}

}
