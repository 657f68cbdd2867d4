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
	 * A job that runs once per cluster has run. Sent before it does, too, and always
	 * before {@link Resigned}.
	 *
	 * @param job the name of the job, in all generations
	 * @param time when it did, by the clock that it is scheduled by
	 */
	public record Ran(String job, long time) implements Message.FromWorker {

	}

	/**
	 * When a job last ran, as {@link Ran} has told. A worker is told all of them before
	 * it is granted to lead.
	 *
	 * @param job the name of the job
	 * @param time when it did
	 */
	public record LastRun(String job, long time) implements Message.FromPrimary {

	}

	/**
	 * The worker leads no longer.
	 *
	 * @param token the number of its leadership
	 */
	public record Resigned(long token) implements Message.FromWorker {

	}

}
