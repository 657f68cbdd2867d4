package io.clusterboot.supervisor;

import java.util.List;

import io.clusterboot.channel.Requester;
import io.clusterboot.contract.PrimaryAction;
import io.clusterboot.event.ClusterScaled;
import io.clusterboot.supervisor.settings.SupervisorSettings;
import io.clusterboot.supervisor.table.LifeCycle;
import io.clusterboot.supervisor.table.Slot;
import io.clusterboot.supervisor.table.Slots;
import io.clusterboot.supervisor.table.Worker;
import io.clusterboot.supervisor.table.Workers;
import org.jspecify.annotations.Nullable;

/**
 * Changes the number of slots: as the configuration of a new generation says, or as
 * somebody wants it.
 */
final class Scaling {

	private final Workers workers;

	private final LifeCycle life;

	private final Balancing balancing;

	// How many workers somebody wants as soon as nothing else goes on
	private @Nullable Integer wanted;

	Scaling(Workers workers, LifeCycle life, Balancing balancing) {
		this.workers = workers;
		this.life = life;
		this.balancing = balancing;
	}

	/**
	 * Take a request.
	 * @param requester who asks
	 * @param count how many workers there should be
	 * @return why not, or {@code null} if there will be so many
	 */
	@Nullable String request(Requester requester, int count) {
		String refusal = this.workers.settings().refusal(count);
		if (refusal != null) {
			this.workers.warn("Scaling refused: %s; requested by %s", refusal, requester);
			return refusal;
		}
		this.workers.info("Scaling to %d workers requested: %s", count, requester);
		this.wanted = count;
		return null;
	}

	/**
	 * Return whether somebody waits for another number of workers.
	 * @return whether nothing else should begin before
	 */
	boolean isWanted() {
		return this.wanted != null;
	}

	/**
	 * Return how many workers there will be.
	 * @return the number of slots, or what somebody wants
	 */
	int target() {
		return (this.wanted != null) ? this.wanted : this.workers.slots().size();
	}

	/**
	 * Run the cluster with other settings from now on. If they say nothing new about the
	 * number of workers, that stays what somebody else has made it.
	 * @param changed the settings
	 */
	void configure(SupervisorSettings changed) {
		int before = this.workers.settings().workers();
		this.workers.configure(changed);
		int configured = this.workers.settings().workers();
		resize((configured != before) ? configured : this.workers.slots().size());
	}

	/**
	 * Do what can be done now. One thing after the other: a reload would have to account
	 * for slots that come and go under it, and a slot that comes back is to be empty.
	 * @param reloading whether a reload runs
	 */
	void advance(boolean reloading) {
		if (this.wanted != null && this.workers.isUp() && !reloading && isAtRest()) {
			resize(this.wanted);
			this.wanted = null;
		}
		closeEmptySlots();
	}

	private boolean isAtRest() {
		return !this.workers.hasLeavers()
				&& this.workers.slots().stream().noneMatch((slot) -> slot.next() != null || slot.isReserved());
	}

	private void resize(int wanted) {
		// What was allowed when it was asked for need not be any more
		int count = Math.min(wanted, this.workers.settings().maxWorkers());
		int before = this.workers.slots().size();
		if (count != before) {
			this.workers.info("Scaling from %d to %d workers", before, count);
		}
		this.workers.share(count);
		List<Slot> removed = this.workers.slotTable().resize(count);
		if (count != before) {
			this.workers.audience().tell(new ClusterScaled(before, count));
		}
		// before the drains, which accept what came until then
		this.balancing.steer();
		removed.forEach((slot) -> remove(slot, count));
	}

	private void remove(Slot slot, int count) {
		slot.current(null);
		for (Worker worker : List.copyOf(this.workers.all())) {
			if (worker.slot() == slot) {
				this.life.retire(worker, true, "scaled to %d workers".formatted(count));
			}
		}
	}

	private void closeEmptySlots() {
		Slots slots = this.workers.slotTable();
		for (Slot slot = slots.lastLeaving(); slot != null && slot.isEmptied(); slot = slots.lastLeaving()) {
			slots.closeLast();
			this.workers.act(new PrimaryAction.CloseSlot(slot.index()));
			this.balancing.steerAgain();
		}
	}

}
