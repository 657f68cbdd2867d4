package io.clusterboot.channel;

import java.time.Duration;

/**
 * What primary and worker say to each other about who leads. While a worker leads it asks
 * again and again for a {@link Request.Lease}.
 */
public final class Leading {

	private Leading() {
	}

	/**
	 * The worker leads as soon as it has been granted a {@link Request.Lease} for this.
	 *
	 * @param token the number of this leadership, larger than any before
	 * @param first whether no other worker of its generation has led before
	 * @param lease how long a lease lasts, counted by the worker from when it asks for it
	 * @param patience how long to wait in the end for what the worker has begun
	 */
	public record Grant(long token, boolean first, Duration lease, Duration patience) implements Message.FromPrimary {

	}

	/**
	 * The worker must no longer lead: it is to begin nothing more and to say
	 * {@link Resigned} when what it has begun has ended.
	 *
	 * @param token the number of its leadership
	 */
	public record Resign(long token) implements Message.FromPrimary {

	}

	/**
	 * The worker leads no longer.
	 *
	 * @param token the number of its leadership
	 */
	public record Resigned(long token) implements Message.FromWorker {

	}

}
