package io.clusterboot;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A lock that one worker of a cluster holds at a time or, got as a
 * {@linkplain Cluster#semaphore semaphore}, several at a time. It ends with the process
 * of the worker that holds it, whatever ends that. Each method asks the primary, which
 * answers one after the other, and waits at most five seconds for its answer. May be used
 * by any thread; who holds it is no thread, so it cannot be had twice by the same one
 * either.
 */
public interface ClusterLock {

	/**
	 * Return the lock's name.
	 * @return the name
	 */
	String name();

	/**
	 * Get the lock if nobody holds it, or fewer than may. Does not wait for it.
	 * @param atMost how long it is held if nobody unlocks it, though the worker lives
	 * @return what ends or extends it, or {@code null} if it is held already
	 * @throws IllegalArgumentException if the duration is negative
	 * @throws PrimaryUnavailableException as {@link #tryLock(Duration, Duration)}
	 */
	default @Nullable Held tryLock(Duration atMost) {
		return tryLock(atMost, Duration.ZERO);
	}

	/**
	 * Get the lock as {@link #tryLock(Duration)} does, and keep others out for a while
	 * even if it is unlocked or this worker ends. Does not wait for it.
	 * @param atMost how long it is held if nobody unlocks it, though the worker lives
	 * @param atLeast how long nobody else gets it in any case
	 * @return what ends or extends it, or {@code null} if it is held already
	 * @throws IllegalArgumentException if a duration is negative or {@code atLeast} is
	 * longer than {@code atMost}
	 * @throws PrimaryUnavailableException if the primary does not answer in time, in
	 * which case this worker does not hold the lock, but others may not get it before
	 * {@code atLeast} has passed; or refuses because there are too many locks
	 */
	@Nullable Held tryLock(Duration atMost, Duration atLeast);

	/**
	 * A lock that was got.
	 */
	interface Held extends AutoCloseable {

		/**
		 * Hold the lock for longer, or shorter.
		 * @param atMost how long it is held from now on if nobody unlocks it
		 * @return whether it was still held; if not, others may have it
		 * @throws IllegalArgumentException if the duration is negative
		 * @throws PrimaryUnavailableException if the primary does not answer in time
		 */
		default boolean extend(Duration atMost) {
			return extend(atMost, Duration.ZERO);
		}

		/**
		 * Hold the lock for longer, or shorter.
		 * @param atMost how long it is held from now on if nobody unlocks it
		 * @param atLeast how long nobody else gets it from now on in any case
		 * @return whether it was still held; if not, others may have it
		 * @throws IllegalArgumentException if a duration is negative or {@code atLeast}
		 * is longer than {@code atMost}
		 * @throws PrimaryUnavailableException if the primary does not answer in time
		 */
		boolean extend(Duration atMost, Duration atLeast);

		/**
		 * Give the lock back. To do so twice does no harm.
		 * @return whether it was still held; if not, others may have had it
		 * @throws PrimaryUnavailableException if the primary does not answer in time
		 */
		boolean unlock();

		/**
		 * Give the lock back.
		 * @throws PrimaryUnavailableException as {@link #unlock}
		 */
		@Override
		default void close() {
			unlock();
		}

	}

}
