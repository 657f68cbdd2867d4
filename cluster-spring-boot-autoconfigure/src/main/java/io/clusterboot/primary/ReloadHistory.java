package io.clusterboot.primary;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

import io.clusterboot.ReloadSnapshot;

/**
 * The reloads that ended last.
 */
final class ReloadHistory {

	private static final int CAPACITY = 20;

	private final Deque<ReloadSnapshot> ended = new ArrayDeque<>();

	void add(ReloadSnapshot reload) {
		this.ended.add(reload);
		if (this.ended.size() > CAPACITY) {
			this.ended.remove();
		}
	}

	List<ReloadSnapshot> all() {
		return List.copyOf(this.ended);
	}

}
