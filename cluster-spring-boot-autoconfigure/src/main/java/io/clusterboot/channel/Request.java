package io.clusterboot.channel;

import java.time.Duration;

import io.clusterboot.ReloadStrategy;
import org.jspecify.annotations.Nullable;

/**
 * A question of a worker, which the primary answers with a {@link Reply} of the same id.
 */
public sealed interface Request extends Message.FromWorker {

	long id();

	/**
	 * Asks for a {@link Reply.Snapshot}.
	 */
	record Snapshot(long id) implements Request {

	}

	/**
	 * Asks for a {@link Reply.Reload}.
	 */
	record Reload(long id, Requester requester, @Nullable ReloadStrategy strategy) implements Request {

	}

	/**
	 * Asks for a {@link Reply.Reloads}.
	 */
	record Reloads(long id) implements Request {

	}

	/**
	 * Asks for an {@link Reply.Abort}.
	 */
	record Abort(long id, Requester requester, int reload) implements Request {

	}

	/**
	 * Asks for a {@link Reply.Scale}.
	 *
	 * @param requester who asks
	 * @param workers how many workers there should be
	 */
	record Scale(long id, Requester requester, int workers) implements Request {

	}

	/**
	 * Asks for an {@link Reply.Incidents}.
	 */
	record Incidents(long id) implements Request {

	}

	/**
	 * Asks for an {@link Reply.Incident}.
	 */
	record Incident(long id, int incident) implements Request {

	}

	/**
	 * Asks for a {@link Reply.Shutdown}.
	 */
	record Shutdown(long id, Requester requester) implements Request {

	}

	/**
	 * Asks for a {@link Reply.Worker} when it is known whether there is such a worker,
	 * which is to be replaced and drained.
	 */
	record Disconnect(long id, Requester requester, int worker) implements Request {

	}

	/**
	 * Asks for a {@link Reply.Worker} when it is known whether there is such a worker,
	 * which is to be killed.
	 */
	record Kill(long id, Requester requester, int worker) implements Request {

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
	 * @param atMost how long it is held if nobody unlocks it
	 * @param atLeast how long it is held even if it is unlocked earlier
	 */
	record Lock(long id, String name, Duration atMost, Duration atLeast) implements OfShared {

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
	 * Is about what all workers share, not about the cluster.
	 */
	sealed interface OfShared extends Request {

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
