package io.clusterboot.command;

import java.util.HashMap;
import java.util.Map;

/**
 * Names workers for the files that they write. The slot alone does not do: while a slot's
 * worker is replaced, it and its successor write at the same time. Few names are better
 * than one for each worker, of which a long life of a cluster would leave any number of
 * files behind.
 */
final class WorkerNames {

	// By worker id
	private final Map<Integer, String> taken = new HashMap<>();

	/**
	 * Take the first name for a new worker that no living one has.
	 * @param place the place of the new worker
	 * @return its name, such as {@code w0} or {@code w0-2} for slot 0
	 */
	synchronized String take(WorkerPlace place) {
		int number = 1;
		String name = name(place, number);
		while (this.taken.containsValue(name)) {
			name = name(place, ++number);
		}
		this.taken.put(place.id(), name);
		return name;
	}

	synchronized void release(int id) {
		this.taken.remove(id);
	}

	private static String name(WorkerPlace place, int number) {
		if (place.isSpare()) {
			return "spare-" + number;
		}
		return "w" + place.slot() + ((number > 1) ? "-" + number : "");
	}

}
