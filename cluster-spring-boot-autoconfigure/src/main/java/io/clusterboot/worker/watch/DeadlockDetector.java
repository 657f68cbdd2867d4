package io.clusterboot.worker.watch;

import java.time.Duration;
import java.util.function.Supplier;

import io.clusterboot.IncidentCause;
import org.jspecify.annotations.Nullable;

/**
 * Detects threads that wait for each other for ever. To look for them stops all threads
 * for a moment, so that is not done each second.
 */
final class DeadlockDetector implements Detector {

	private static final Duration PERIOD = Duration.ofSeconds(5);

	private final Supplier<Deadlocks> deadlocks;

	private Duration waited = Duration.ZERO;

	private String found = "";

	private String reported = "";

	DeadlockDetector(Supplier<Deadlocks> deadlocks) {
		this.deadlocks = deadlocks;
	}

	@Override
	public IncidentCause cause() {
		return IncidentCause.DEADLOCK;
	}

	@Override
	public @Nullable String look(Tick tick) {
		this.waited = this.waited.plus(tick.seen());
		if (this.waited.compareTo(PERIOD) < 0) {
			return null;
		}
		this.waited = Duration.ZERO;
		this.found = this.deadlocks.get().describe();
		return (!this.found.isEmpty() && !this.found.equals(this.reported)) ? this.found : null;
	}

	@Override
	public boolean goesOn() {
		this.reported = this.found;
		return true;
	}

}
