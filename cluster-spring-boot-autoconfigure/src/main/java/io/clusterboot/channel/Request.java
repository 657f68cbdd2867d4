package io.clusterboot.channel;

import java.nio.ByteBuffer;
import java.time.Duration;

import io.clusterboot.ReloadStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A question of a worker or an operator, which the primary answers with a {@link Reply}
 * of the same id.
 */
public sealed interface Request extends Message.FromWorker {

	long id();

	/**
	 * Asks for a {@link Reply.Snapshot}.
	 */
	record Snapshot(long id) implements OfOperator {

	}

	/**
	 * Asks for a {@link Reply.Tally}.
	 */
	record Tally(long id) implements OfOperator {

	}

	/**
	 * Asks for {@link Reply.Numbers}.
	 */
	record Numbers(long id) implements Request {

	}

	/**
	 * Asks for a {@link Reply.Reload}.
	 */
	record Reload(long id, Requester requester, @Nullable ReloadStrategy strategy) implements OfOperator {

	}

	/**
	 * Asks for a {@link Reply.Reloads}.
	 */
	record Reloads(long id) implements OfOperator {

	}

	/**
	 * Asks for an {@link Reply.Abort}.
	 */
	record Abort(long id, Requester requester, int reload) implements OfOperator {

	}

	/**
	 * Asks for a {@link Reply.Scale}.
	 *
	 * @param requester who asks
	 * @param workers how many workers there should be
	 */
	record Scale(long id, Requester requester, int workers) implements OfOperator {

	}

	/**
	 * Asks for an {@link Reply.Incidents}.
	 */
	record Incidents(long id) implements OfOperator {

	}

	/**
	 * Asks for an {@link Reply.Incident}.
	 */
	record Incident(long id, int incident) implements OfOperator {

	}

	/**
	 * Asks for a {@link Reply.Shutdown}.
	 */
	record Shutdown(long id, Requester requester) implements OfOperator {

	}

	/**
	 * Asks for a {@link Reply.Worker} when it is known whether there is such a worker,
	 * which is to be replaced and drained.
	 */
	record Disconnect(long id, Requester requester, int worker) implements OfOperator {

	}

	/**
	 * Asks for a {@link Reply.Worker} when it is known whether there is such a worker,
	 * which is to be killed.
	 */
	record Kill(long id, Requester requester, int worker) implements OfOperator {

	}

	/**
	 * Asks for {@link Reply.Rates}.
	 */
	record Rates(long id) implements OfOperator {

	}

	/**
	 * Asks for {@link Reply.Generations}.
	 */
	record Generations(long id) implements OfOperator {

	}

	/**
	 * Asks for a {@link Reply.Count}.
	 *
	 * @param name the counter's name
	 * @param delta what to add to it
	 */
	record Count(long id, String name, long delta) implements OfShared {

	}

	/**
	 * Asks for a {@link Reply.Lock}. Its id is what the lock is held under.
	 *
	 * @param name the lock's name
	 * @param permits how many may hold it at a time
	 * @param atMost how long it is held if nobody unlocks it
	 * @param atLeast how long it is held even if it is unlocked earlier
	 */
	record Lock(long id, String name, int permits, Duration atMost, Duration atLeast) implements OfShared {

	}

	/**
	 * Asks for a {@link Reply.Lock}.
	 *
	 * @param name the lock's name
	 * @param lock the id of the request that got it
	 * @param atMost how long it is held from now on if nobody unlocks it
	 * @param atLeast how long it is held from now on even if it is unlocked earlier
	 */
	record Extend(long id, String name, long lock, Duration atMost, Duration atLeast) implements OfShared {

	}

	/**
	 * Asks for a {@link Reply.Lock}.
	 *
	 * @param name the lock's name
	 * @param lock the id of the request that got it
	 */
	record Unlock(long id, String name, long lock) implements OfShared {

	}

	/**
	 * Is about the cluster, and may come from an operator as well as from a worker.
	 */
	sealed interface OfOperator extends Request {

	}

	/**
	 * Is about what all workers share, not about the cluster.
	 */
	sealed interface OfShared extends Request {

	}

	/**
	 * Is about what the primary keeps for all workers, and none of the cluster's
	 * business.
	 */
	sealed interface OfStore extends Request {

	}

	/**
	 * Asks for a {@link Reply.Kept}.
	 *
	 * @param key the key of what is kept
	 * @param timeToLive how long it is kept from now on, or {@code null} for as long as
	 * before
	 */
	record Get(long id, String key, @Nullable Duration timeToLive) implements OfStore {

	}

	/**
	 * Asks for a {@link Reply.Version}, the new one or 0.
	 *
	 * @param key the key
	 * @param value what to keep
	 * @param timeToLive how long
	 * @param group what it is found by beside its key, or {@code null}
	 * @param version the version that must be there, 0 for none or -1 for any
	 */
	record Put(long id, String key, ByteBuffer value, Duration timeToLive, @Nullable String group,
			long version) implements OfStore {

	}

	/**
	 * Asks for a {@link Reply.Removed}.
	 *
	 * @param key the key of what is to be kept no longer
	 */
	record Remove(long id, String key) implements OfStore {

	}

	/**
	 * Asks for {@link Reply.Keys}.
	 *
	 * @param group the group whose they are
	 */
	record Keys(long id, String group) implements OfStore {

	}

	/**
	 * Asks for a {@link Reply.Removed}.
	 *
	 * @param group the group of which nothing is to be kept any longer
	 */
	record RemoveAll(long id, String group) implements OfStore {

	}

	/**
	 * Asks for a {@link Reply.Lease}.
	 *
	 * @param id the time at which this is asked, by the worker's own clock: an answer
	 * says so when the lease begins
	 * @param token the number of the worker's leadership
	 */
	record Lease(long id, long token) implements Request {

	}

}
