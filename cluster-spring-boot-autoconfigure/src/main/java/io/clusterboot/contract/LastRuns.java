package io.clusterboot.contract;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * When jobs that run once per cluster last did. Those that have not run for longest are
 * forgotten first.
 */
public final class LastRuns {

	/**
	 * How many characters the name of a job may have.
	 */
	public static final int LONGEST_NAME = 300;

	private static final int MOST = 1000;

	private final Map<String, Long> times = new LinkedHashMap<>();

	/**
	 * A job has run.
	 * @param name its name
	 * @param time when, by a clock that may wrap around
	 * @return whether that is news
	 */
	public boolean ran(String name, long time) {
		Long before = this.times.get(name);
		if (name.length() > LONGEST_NAME || (before != null && time - before <= 0)) {
			return false;
		}
		this.times.remove(name);
		this.times.put(name, time);
		if (this.times.size() > MOST) {
			this.times.remove(this.times.keySet().iterator().next());
		}
		return true;
	}

	/**
	 * Return when a job last ran.
	 * @param name its name
	 * @return when, or {@code null} if that is not known
	 */
	public @Nullable Long of(String name) {
		return this.times.get(name);
	}

	public void forEach(BiConsumer<String, Long> action) {
		this.times.forEach(action);
	}

}
