package io.clusterboot.supervisor;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What disturbs the peace of a {@link SimulatedCluster}: commands and faults. Any of them
 * can be left out.
 */
final class Disturbances {

	private final Set<Disturbance> allowed;

	private final Set<Disturbance> happened = new LinkedHashSet<>();

	/**
	 * Create disturbances.
	 * @param allowed those that may happen, or {@code null} for all
	 */
	Disturbances(Set<Disturbance> allowed) {
		this.allowed = allowed;
	}

	/**
	 * Ask whether one happens, where chance says so.
	 * @param kind its kind
	 * @param what which one it is
	 * @return whether it was not left out
	 */
	boolean happens(Kind kind, Object what) {
		Disturbance disturbance = new Disturbance(kind, what);
		boolean happens = this.allowed == null || this.allowed.contains(disturbance);
		if (happens) {
			this.happened.add(disturbance);
		}
		return happens;
	}

	/**
	 * Return those that happened so far.
	 * @return the disturbances in order
	 */
	List<Disturbance> happened() {
		return List.copyOf(this.happened);
	}

	/**
	 * A disturbance.
	 *
	 * @param kind its kind
	 * @param what which one it is
	 */
	record Disturbance(Kind kind, Object what) {

		@Override
		public String toString() {
			return this.kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " " + this.what;
		}

	}

	/**
	 * The kind of a disturbance.
	 */
	enum Kind {

		COMMAND, FAULT_OF_WORKER, BROKEN_GENERATION, CONFIGURATION_OF_GENERATION, SNAPSHOT_OF_GENERATION, SOCKET,
		LISTENING, TICKS, STOPPED_PRIMARY, MESSAGES, APPLICATION

	}

}
