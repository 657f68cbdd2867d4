package io.clusterboot.contract;

import java.time.Duration;

import io.clusterboot.ClusterLock;
import org.jspecify.annotations.Nullable;

/**
 * A lock, wherever it is kept.
 *
 * @param name its name
 * @param permits how many may hold it at a time
 * @param keeper who keeps it
 */
public record NamedLock(String name, int permits, Keeper keeper) implements ClusterLock {

	public NamedLock {
		SharedName.require("lock", name);
		if (permits < 1) {
			throw new IllegalArgumentException("A semaphore has at least 1 permit, not " + permits);
		}
	}

	@Override
	public @Nullable Held tryLock(Duration atMost, Duration atLeast) {
		check(atMost, atLeast);
		Long number = this.keeper.lock(this.name, this.permits, atMost, atLeast);
		return (number != null) ? new NumberedHeld(this, number) : null;
	}

	private static void check(Duration atMost, Duration atLeast) {
		if (atLeast.isNegative() || atLeast.compareTo(atMost) > 0) {
			throw new IllegalArgumentException(
					"A lock cannot be held for at least %s and at most %s".formatted(atLeast, atMost));
		}
	}

	/**
	 * Knows who holds which lock. Whoever gets one is given a number, as nobody may
	 * unlock what has run out and belongs to another by now.
	 */
	public interface Keeper {

		/**
		 * Get a lock.
		 * @param name its name
		 * @param permits how many may hold it at a time
		 * @param atMost how long it is held if nobody unlocks it
		 * @param atLeast how long it is held even if it is unlocked earlier
		 * @return the number under which it is held now, or {@code null} if others hold
		 * it
		 */
		@Nullable Long lock(String name, int permits, Duration atMost, Duration atLeast);

		/**
		 * Hold a lock for longer.
		 * @param name its name
		 * @param number the number under which it is held
		 * @param atMost how long it is held from now on if nobody unlocks it
		 * @param atLeast how long it is held from now on even if it is unlocked earlier
		 * @return whether it was still held
		 */
		boolean extend(String name, long number, Duration atMost, Duration atLeast);

		/**
		 * Give a lock back.
		 * @param name its name
		 * @param number the number under which it is held
		 * @return whether it was still held
		 */
		boolean unlock(String name, long number);

	}

	private record NumberedHeld(NamedLock lock, long number) implements Held {

		@Override
		public boolean extend(Duration atMost, Duration atLeast) {
			check(atMost, atLeast);
			return this.lock.keeper.extend(this.lock.name, this.number, atMost, atLeast);
		}

		@Override
		public boolean unlock() {
			return this.lock.keeper.unlock(this.lock.name, this.number);
		}

	}

}
