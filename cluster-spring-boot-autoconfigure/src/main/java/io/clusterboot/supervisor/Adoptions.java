package io.clusterboot.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

import io.clusterboot.channel.Message;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Has what waits in the queue of a slot that nobody serves accepted by a worker of
 * another slot, until the slot is served again or, if it goes, its queue is empty.
 */
final class Adoptions {

	private static final Duration LIMIT = Duration.ofSeconds(5);

	private final Workers workers;

	private final Silence silence;

	// Workers that failed to, and when each can be asked again
	private final Map<Worker, Instant> failed = new HashMap<>();

	Adoptions(Workers workers, Silence silence) {
		this.workers = workers;
		this.silence = silence;
	}

	/**
	 * Do what can be done now.
	 */
	void advance() {
		this.failed.entrySet()
			.removeIf((entry) -> !entry.getValue().isAfter(this.workers.now()) || entry.getKey().isEnding());
		if (!this.workers.isListening()) {
			return;
		}
		for (Slot slot : this.workers.slots()) {
			if (this.silence.open(slot) == null) {
				adopt(slot);
			}
			else if (!slot.isReleasing()) {
				release(slot);
			}
		}
		for (Slot slot : this.workers.slotTable().leaving()) {
			if (!slot.isEmptied()) {
				adopt(slot);
				empty(slot);
			}
		}
	}

	/**
	 * A worker has emptied the queue of a slot.
	 * @param worker the worker
	 * @param index the slot
	 */
	void released(Worker worker, int index) {
		slots().filter((slot) -> slot.index() == index && slot.adopter() == worker && slot.isReleasing())
			.forEach((slot) -> {
				slot.adopter(null);
				// It may have come back meanwhile, and gone again
				slot.emptied(this.workers.slotTable().leaving().contains(slot) && !isUsed(slot));
			});
	}

	/**
	 * A worker could not adopt a slot's queue, or not empty it; others can, or it can
	 * later.
	 * @param worker the worker
	 * @param index the slot
	 * @param reason why
	 */
	void failed(Worker worker, int index, String reason) {
		slots().filter((slot) -> slot.index() == index && slot.adopter() == worker).forEach((slot) -> {
			this.workers.warn("%s cannot serve the queue of slot %d: %s", worker, index, reason);
			this.failed.put(worker, this.workers.now().plus(LIMIT));
			release(slot);
		});
	}

	/**
	 * Return when something is due although nothing happens.
	 * @return the times
	 */
	Stream<Instant> deadlines() {
		return this.failed.values().stream();
	}

	private void adopt(Slot slot) {
		Worker adopter = slot.adopter();
		if (adopter == null || !adopter.isOpen() || !this.silence.isHeard(adopter)) {
			release(slot);
			Worker next = choose();
			slot.adopter(next);
			if (next != null) {
				if (slot.wasServed()) {
					this.workers.info("%s adopts the queue of slot %d", next, slot.index());
				}
				this.workers.act(new PrimaryAction.Adopt(next.id(), slot.index()));
			}
		}
	}

	private void release(Slot slot) {
		Worker adopter = slot.adopter();
		slot.adopter(null);
		// One that refuses traffic, is silent or was taken for dead may come back
		if (adopter != null && !adopter.isEnding()) {
			this.workers.act(new PrimaryAction.Send(adopter.id(), new Message.Release(slot.index(), false)));
		}
	}

	private void empty(Slot slot) {
		Worker adopter = slot.adopter();
		if (adopter != null && !isUsed(slot) && !slot.isReleasing()) {
			slot.releasing();
			this.workers.act(new PrimaryAction.Send(adopter.id(), new Message.Release(slot.index(), true)));
		}
	}

	private boolean isUsed(Slot slot) {
		return this.workers.all().stream().anyMatch((worker) -> worker.slot() == slot);
	}

	private @Nullable Worker choose() {
		return this.workers.slots()
			.stream()
			.map(this.silence::open)
			.filter((worker) -> worker != null && !this.failed.containsKey(worker))
			.min(Comparator.comparingLong(this::adopted))
			.orElse(null);
	}

	private long adopted(@Nullable Worker worker) {
		return slots().filter((slot) -> slot.adopter() == worker).count();
	}

	private Stream<Slot> slots() {
		return Stream.concat(this.workers.slots().stream(), this.workers.slotTable().leaving().stream());
	}

}
