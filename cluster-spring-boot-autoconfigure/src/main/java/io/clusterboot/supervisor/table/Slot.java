package io.clusterboot.supervisor.table;

import java.time.Instant;

import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * A place in the cluster: the worker that has it and, while it is being replaced, the one
 * that will, or the one that had it.
 */
public final class Slot {

	private static final int FATAL_DEATHS = 10;

	private final int index;

	private final RespawnBackoff backoff;

	private @Nullable Worker current;

	private @Nullable Worker next;

	private @Nullable Worker parked;

	// When a worker may be forked for it again
	private Instant notBefore = Instant.MIN;

	// Its next worker is not for whoever respawns to fork
	private boolean reserved;

	private int restarts;

	// Of workers in a row that were not ready yet
	private int deaths;

	private boolean opened;

	private @Nullable Worker adopter;

	private boolean releasing;

	private boolean emptied;

	Slot(int index, RespawnBackoff backoff) {
		this.index = index;
		this.backoff = backoff;
	}

	public int index() {
		return this.index;
	}

	/**
	 * Return whether it is none of the cluster's slots but the place of a spare.
	 * @return whether it has no socket
	 */
	public boolean isSpare() {
		return this.index == WorkerIdentity.NO_SLOT;
	}

	public RespawnBackoff backoff() {
		return this.backoff;
	}

	public @Nullable Worker current() {
		return this.current;
	}

	public void current(@Nullable Worker worker) {
		this.current = worker;
	}

	public @Nullable Worker next() {
		return this.next;
	}

	public void next(@Nullable Worker worker) {
		this.next = worker;
	}

	/**
	 * Return who had it before the current worker and will have it again if that one is
	 * not trusted.
	 * @return the worker, which is not about to end, or {@code null}
	 */
	public @Nullable Worker parked() {
		return this.parked;
	}

	public void parked(@Nullable Worker worker) {
		this.parked = worker;
	}

	/**
	 * Return whether who had it before the current worker could have it back at once.
	 * @return whether there is a way back without a start
	 */
	public boolean isBackedUp() {
		return this.parked != null && this.parked.canReturn();
	}

	public Instant notBefore() {
		return this.notBefore;
	}

	public void notBefore(Instant notBefore) {
		this.notBefore = notBefore;
	}

	/**
	 * Return whether it has no worker and waits for one that is respawned.
	 * @return whether a worker must be forked for it
	 */
	public boolean isVacant() {
		return this.current == null && !this.reserved;
	}

	/**
	 * Return whether it has no worker because one of another generation made room for its
	 * replacement.
	 * @return whether its next worker comes by that replacement
	 */
	public boolean isReserved() {
		return this.reserved;
	}

	public void reserved(boolean reserved) {
		this.reserved = reserved;
	}

	public int restarts() {
		return this.restarts;
	}

	public void restarted() {
		this.restarts++;
	}

	/**
	 * A worker died.
	 * @param ready whether it had been ready
	 */
	public void died(boolean ready) {
		this.deaths = (ready) ? 0 : this.deaths + 1;
	}

	public void ready() {
		this.deaths = 0;
		this.opened = true;
	}

	/**
	 * Return whether a worker of it has ever been ready.
	 * @return whether it was served before
	 */
	public boolean wasServed() {
		return this.opened;
	}

	public int deaths() {
		return this.deaths;
	}

	/**
	 * Return whether so many workers in a row died before they were ready that the next
	 * will hardly fare better.
	 * @return whether it is tried at long intervals only
	 */
	public boolean isFailed() {
		return this.deaths >= FATAL_DEATHS;
	}

	/**
	 * Return who accepts what waits in its queue while nobody serves it.
	 * @return a worker of another slot, or {@code null}
	 */
	public @Nullable Worker adopter() {
		return this.adopter;
	}

	public void adopter(@Nullable Worker adopter) {
		this.adopter = adopter;
		this.releasing = false;
	}

	/**
	 * Return whether the adopter was asked to empty the queue for good.
	 * @return whether its answer is awaited
	 */
	public boolean isReleasing() {
		return this.releasing;
	}

	public void releasing() {
		this.releasing = true;
	}

	/**
	 * Return whether nothing waits in its queue and nothing will.
	 * @return whether its socket can be closed
	 */
	public boolean isEmptied() {
		return this.emptied;
	}

	public void emptied(boolean emptied) {
		this.emptied = emptied;
	}

	public boolean isServed() {
		return this.current != null && this.current.isServing();
	}

	/**
	 * Return who accepts its connections, ready or not.
	 * @return the worker, or {@code null} if nobody does
	 */
	public @Nullable Worker open() {
		if (this.current != null && this.current.isOpen()) {
			return this.current;
		}
		return (this.next != null && this.next.isOpen()) ? this.next : null;
	}

	/**
	 * Return whether a worker of a generation has it.
	 * @param generation the generation
	 * @return whether nothing is left to do for that generation
	 */
	public boolean isOf(int generation) {
		return this.current != null && this.current.generation() == generation;
	}

	/**
	 * Return whether a worker has it that is to be replaced by another of any generation.
	 * @return whether it must be replaced
	 */
	public boolean isMarked() {
		return this.current != null && this.current.marked() != null;
	}

	/**
	 * Return whether a worker of another generation has it.
	 * @param generation the generation that should have it
	 * @return whether it must be replaced
	 */
	public boolean isOutdated(int generation) {
		return this.current != null && this.current.generation() != generation;
	}

	@Override
	public String toString() {
		return isSpare() ? "Spare" : "Slot " + this.index;
	}

}
