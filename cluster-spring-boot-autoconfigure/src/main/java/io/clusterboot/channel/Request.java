package io.clusterboot.channel;

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

}
