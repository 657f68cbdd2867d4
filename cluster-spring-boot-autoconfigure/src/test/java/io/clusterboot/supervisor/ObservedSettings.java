package io.clusterboot.supervisor;

import java.util.function.Predicate;
import java.util.function.ToLongFunction;

import io.clusterboot.supervisor.settings.SupervisorSettings;

/**
 * The settings that the cluster is run with, as {@link SimulationInvariants} sees them:
 * those of the live generation. An event that makes another generation live may do some
 * things before it does.
 */
final class ObservedSettings {

	private SupervisorSettings before;

	private SupervisorSettings now;

	ObservedSettings(SupervisorSettings settings) {
		this.before = settings;
		this.now = settings;
	}

	/**
	 * An event was heard and acted upon.
	 * @param settings the settings since
	 */
	void after(SupervisorSettings settings) {
		this.before = this.now;
		this.now = settings;
	}

	SupervisorSettings before() {
		return this.before;
	}

	SupervisorSettings now() {
		return this.now;
	}

	boolean isChanged() {
		return this.before != this.now;
	}

	boolean any(Predicate<SupervisorSettings> predicate) {
		return predicate.test(this.before) || predicate.test(this.now);
	}

	long most(ToLongFunction<SupervisorSettings> property) {
		return Math.max(property.applyAsLong(this.before), property.applyAsLong(this.now));
	}

	long least(ToLongFunction<SupervisorSettings> property) {
		return Math.min(property.applyAsLong(this.before), property.applyAsLong(this.now));
	}

	/**
	 * Return how many workers may be away for a time.
	 * @return the number of slots
	 */
	int maxUnavailable() {
		return (int) most((settings) -> settings.reload().maxUnavailable());
	}

	int maxSurge() {
		return (int) most((settings) -> settings.reload().maxSurge());
	}

}
