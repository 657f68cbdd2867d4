package io.clusterboot;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The primary at one moment.
 *
 * @param pid its process id
 * @param started when it became the primary
 * @param store what it keeps for all workers, or {@code null} if that is not known
 */
public record PrimarySnapshot(long pid, Instant started, @Nullable Store store) {

	/**
	 * Create a snapshot of a primary of whose store nothing is known.
	 * @param pid its process id
	 * @param started when it became the primary
	 */
	public PrimarySnapshot(long pid, Instant started) {
		this(pid, started, null);
	}

	/**
	 * The store at one moment.
	 *
	 * @param entries how much is kept
	 * @param bytes how many bytes of memory that takes
	 * @param maxBytes how many it may take
	 * @param evictions how often something had to make room whose time was not over
	 * @param refusals how often something was not kept because there can be no room for
	 * it
	 */
	public record Store(long entries, long bytes, long maxBytes, long evictions, long refusals) {

	}

}
