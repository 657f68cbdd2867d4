package io.clusterboot.command;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Spreads the ports that the command line gives to one JVM over all workers that are
 * alive. A slot can have several at once, of any generations: one that serves, one that
 * still drains, one that is to replace them, and the number of slots can change. So the
 * offset cannot be computed from slot and generation alone.
 */
final class PortOffsets {

	private final Set<Integer> ports;

	// By worker id
	private final Map<Integer, Set<Integer>> taken = new HashMap<>();

	PortOffsets(Collection<Integer> ports) {
		// Without any, offsets must differ all the same
		this.ports = (ports.isEmpty()) ? Set.of(0) : Set.copyOf(ports);
	}

	/**
	 * Take ports for a new worker: the slot's first ones, those a round of all workers
	 * further while its predecessor still has them, and so on. Spares begin after the
	 * slots.
	 * @param place the place of the new worker
	 * @return what to add to each port
	 */
	synchronized int take(WorkerPlace place) {
		// A spare, which has no slot, comes after all slots
		int offset = 1 + (place.isSpare() ? place.workers() : place.slot());
		while (!isFree(movedBy(offset))) {
			offset += place.workers();
		}
		this.taken.put(place.id(), movedBy(offset));
		return offset;
	}

	synchronized void release(int id) {
		this.taken.remove(id);
	}

	private boolean isFree(Set<Integer> candidates) {
		return this.taken.values().stream().flatMap(Set::stream).noneMatch(candidates::contains);
	}

	private Set<Integer> movedBy(int offset) {
		Set<Integer> moved = new HashSet<>();
		this.ports.forEach((port) -> moved.add(port + offset));
		return moved;
	}

}
