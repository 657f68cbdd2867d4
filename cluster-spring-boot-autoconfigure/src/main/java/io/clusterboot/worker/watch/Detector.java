package io.clusterboot.worker.watch;

import io.clusterboot.IncidentCause;
import org.jspecify.annotations.Nullable;

/**
 * Finds out about one kind of state that a JVM does not recover from. Is asked once a
 * second, always by the same thread.
 */
interface Detector {

	/**
	 * Return what it looks for.
	 * @return the cause of the incident if it finds that
	 */
	IncidentCause cause();

	/**
	 * Look once more.
	 * @param tick the time since the last look
	 * @return what was found, in words, or {@code null} if nothing was
	 */
	@Nullable String look(Tick tick);

	/**
	 * What was found is about to be reported.
	 * @return whether there may be more to find
	 */
	default boolean goesOn() {
		return false;
	}

}
