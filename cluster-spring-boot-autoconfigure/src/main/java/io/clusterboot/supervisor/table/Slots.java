package io.clusterboot.supervisor.table;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * The places of the cluster. They come and go at the end only, because slot i is index i
 * of the kernel's group of sockets. One that goes keeps its socket until its workers are
 * gone.
 */
public final class Slots {

	private final RandomGenerator random;

	private final List<Slot> slots = new ArrayList<>();

	// The one with the lowest index first
	private final Deque<Slot> leaving = new ArrayDeque<>();

	Slots(int count, RandomGenerator random) {
		this.random = random;
		resize(count);
	}

	public List<Slot> all() {
		return Collections.unmodifiableList(this.slots);
	}

	/**
	 * Change the number of slots.
	 * @param count how many there should be
	 * @return those that are no longer needed, the one with the highest index first
	 */
	public List<Slot> resize(int count) {
		while (this.slots.size() < count) {
			Slot back = this.leaving.pollFirst();
			this.slots.add((back != null) ? back : new Slot(this.slots.size(), new RespawnBackoff(this.random)));
			this.slots.get(this.slots.size() - 1).emptied(false);
		}
		List<Slot> removed = new ArrayList<>();
		while (this.slots.size() > count) {
			Slot last = this.slots.remove(this.slots.size() - 1);
			this.leaving.addFirst(last);
			removed.add(last);
		}
		return removed;
	}

	/**
	 * Return which slot's socket would have to be closed next.
	 * @return the last slot if it is no longer needed, or {@code null}
	 */
	public @Nullable Slot lastLeaving() {
		return this.leaving.peekLast();
	}

	/**
	 * Return the slots that are no longer needed and still have their sockets.
	 * @return the slots
	 */
	public Collection<Slot> leaving() {
		return Collections.unmodifiableCollection(this.leaving);
	}

	/**
	 * Make a place for a spare.
	 * @return the place
	 */
	public Slot sparePlace() {
		return new Slot(WorkerIdentity.NO_SLOT, new RespawnBackoff(this.random));
	}

	public void closeLast() {
		this.leaving.removeLast();
	}

}
