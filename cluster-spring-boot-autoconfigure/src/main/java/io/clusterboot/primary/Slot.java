package io.clusterboot.primary;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A place in the cluster: the worker that has it and, while it is being replaced, the one
 * that will.
 */
final class Slot {

	private final int index;

	private final RespawnBackoff backoff;

	private @Nullable Worker current;

	private @Nullable Worker next;

	// When a worker may be forked for it again
	private Instant notBefore = Instant.MIN;

	// Its next worker is not for whoever respawns to fork
	private boolean reserved;

	private int restarts;

	Slot(int index, RespawnBackoff backoff) {
		this.index = index;
		this.backoff = backoff;
	}

	int index() {
		return this.index;
	}

	RespawnBackoff backoff() {
		return this.backoff;
	}

	@Nullable Worker current() {
		return this.current;
	}

	void current(@Nullable Worker worker) {
		this.current = worker;
	}

	@Nullable Worker next() {
		return this.next;
	}

	void next(@Nullable Worker worker) {
		this.next = worker;
	}

	Instant notBefore() {
		return this.notBefore;
	}

	void notBefore(Instant notBefore) {
		this.notBefore = notBefore;
	}

	/**
	 * Return whether it has no worker because one of another generation made room for its
	 * replacement.
	 * @return whether its next worker comes by that replacement
	 */
	boolean isReserved() {
		return this.reserved;
	}

	void reserved(boolean reserved) {
		this.reserved = reserved;
	}

	int restarts() {
		return this.restarts;
	}

	void restarted() {
		this.restarts++;
	}

	boolean isServed() {
		return this.current != null && this.current.isServing();
	}

	/**
	 * Return whether a worker of a generation has it.
	 * @param generation the generation
	 * @return whether nothing is left to do for that generation
	 */
	boolean isOf(int generation) {
		return this.current != null && this.current.generation() == generation;
	}

	/**
	 * Return whether a worker of another generation has it.
	 * @param generation the generation that should have it
	 * @return whether it must be replaced
	 */
	boolean isOutdated(int generation) {
		return this.current != null && this.current.generation() != generation;
	}

}
