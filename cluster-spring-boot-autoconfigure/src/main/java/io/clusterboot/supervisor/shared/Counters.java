package io.clusterboot.supervisor.shared;

import java.util.HashMap;
import java.util.Map;

import io.clusterboot.contract.SharedName;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that all workers share.
 */
final class Counters {

	private static final int MOST = 10_000;

	private final Map<String, Long> values = new HashMap<>();

	/**
	 * Add to a number.
	 * @param name its name
	 * @param delta what to add; 0 makes no new counter
	 * @return the number now, or {@code null} if there is no room for one more
	 */
	@Nullable Long add(String name, long delta) {
		Long value = this.values.get(name);
		if (delta == 0) {
			return (value != null) ? value : 0;
		}
		if (value == null && (this.values.size() == MOST || !SharedName.isAllowed(name))) {
			return null;
		}
		return this.values.merge(name, delta, Long::sum);
	}

}
