package io.clusterboot.redis;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The numbers that senders give to what they say, in which there must be no gap.
 */
final class Sequences {

	private static final int MOST = 10_000;

	// The longest unheard first
	private final Map<String, Long> last = new LinkedHashMap<>(16, 0.75f, true);

	/**
	 * Take a number.
	 * @param sender whose it is
	 * @param number the number
	 * @return how many before it have not come; of a sender that is new nobody knows
	 */
	long missing(String sender, long number) {
		Long before = this.last.put(sender, number);
		if (this.last.size() > MOST) {
			this.last.remove(this.last.keySet().iterator().next());
		}
		return (before != null) ? Math.max(number - before - 1, 0) : 0;
	}

}
