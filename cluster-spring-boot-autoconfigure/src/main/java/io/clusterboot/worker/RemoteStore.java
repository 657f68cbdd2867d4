package io.clusterboot.worker;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.StoreLimits;
import io.clusterboot.store.ClusterStore;
import org.jspecify.annotations.Nullable;

/**
 * Has the primary keep what all workers share.
 */
public final class RemoteStore implements ClusterStore {

	// Of the questions that the channel would drop if more of them waited in it
	private static final int ROOM = 64;

	// How many bytes of a question take as much room as another one
	private static final int LONG = 64 * 1024;

	// Less than for an answer, so that what there is room for has time for it
	private static final Duration ROOM_TIMEOUT = Duration.ofSeconds(4);

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(10);

	private final RemoteCluster cluster;

	private final Semaphore room = new Semaphore(ROOM, true);

	/**
	 * Create the store.
	 * @param cluster asks the primary
	 */
	public RemoteStore(RemoteCluster cluster) {
		this.cluster = cluster;
	}

	@Override
	public @Nullable Entry get(String key) {
		return find(key, null);
	}

	@Override
	public @Nullable Entry renew(String key, Duration timeToLive) {
		StoreLimits.require(timeToLive);
		return find(key, timeToLive);
	}

	private @Nullable Entry find(String key, @Nullable Duration timeToLive) {
		StoreLimits.name("key", key);
		Reply.Kept kept = ask(0, (id) -> new Request.Get(id, key, timeToLive), Reply.Kept.class);
		ByteBuffer value = kept.value();
		if (value == null) {
			return null;
		}
		byte[] bytes = new byte[value.remaining()];
		value.get(value.position(), bytes);
		return new Entry(bytes, kept.version());
	}

	@Override
	public void put(String key, byte[] value, Duration timeToLive, @Nullable String group) {
		keep(key, value, timeToLive, group, StoreLimits.ANY_VERSION);
	}

	@Override
	public long replace(String key, byte[] value, Duration timeToLive, @Nullable String group, long version) {
		return (version >= ABSENT) ? keep(key, value, timeToLive, group, version) : ABSENT;
	}

	// A copy, because it may be sent when the caller has stopped waiting
	private long keep(String key, byte[] value, Duration timeToLive, @Nullable String group, long version) {
		StoreLimits.require(key, value.length, timeToLive, group);
		ByteBuffer copy = ByteBuffer.wrap(value.clone());
		return ask(value.length, (id) -> new Request.Put(id, key, copy, timeToLive, group, version),
				Reply.Version.class)
			.version();
	}

	@Override
	public boolean remove(String key) {
		StoreLimits.name("key", key);
		return ask(0, (id) -> new Request.Remove(id, key), Reply.Removed.class).found();
	}

	@Override
	public List<String> keys(String group) {
		StoreLimits.name("group", group);
		return ask(0, (id) -> new Request.Keys(id, group), Reply.Keys.class).keys();
	}

	@Override
	public void removeAll(String group) {
		StoreLimits.name("group", group);
		ask(0, (id) -> new Request.RemoveAll(id, group), Reply.Removed.class);
	}

	private <T extends Reply> T ask(int length, LongFunction<Request> request, Class<T> type) {
		long deadline = System.nanoTime() + RemoteCluster.TIMEOUT.toNanos();
		int share = 1 + length / LONG;
		awaitRoom(share);
		try {
			return askUntil(deadline, request, type);
		}
		finally {
			this.room.release(share);
		}
	}

	private void awaitRoom(int share) {
		try {
			if (!this.room.tryAcquire(share, ROOM_TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new PrimaryUnavailableException(
						"The primary answers too slowly: %d questions about the store wait already".formatted(ROOM),
						null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PrimaryUnavailableException("Interrupted while waiting for the primary", ex);
		}
	}

	private <T extends Reply> T askUntil(long deadline, LongFunction<Request> request, Class<T> type) {
		while (true) {
			try {
				Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
				return this.cluster.ask(left, request, type);
			}
			catch (PrimaryUnavailableException ex) {
				// Without a cause the primary has refused because long answers wait to be
				// read by this worker, or by others
				if (ex.getCause() != null || deadline - System.nanoTime() < PAUSE) {
					throw ex;
				}
				LockSupport.parkNanos(PAUSE);
			}
		}
	}

}
