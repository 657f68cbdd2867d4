package io.clusterboot.store;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Bytes by key that all workers share. The primary keeps them: they survive reloads, ends
 * of workers and scaling, and are lost with the cluster. There is a bean of this type in
 * every worker, and in an application that runs without a cluster too, where they are in
 * its own memory. Room for them is {@code cluster.store.max-size}; what was not used for
 * longest makes room for what is new. With {@code cluster.bus=redis} Redis keeps them
 * instead, for the workers of all machines, as long and as many as it is configured to.
 * Every method may be called from any thread and waits at most five seconds for an
 * answer; where that is too long it throws a
 * {@link io.clusterboot.PrimaryUnavailableException}.
 */
public interface ClusterStore {

	/**
	 * The version of what is not there.
	 */
	long ABSENT = 0;

	/**
	 * Return what is kept.
	 * @param key its key
	 * @return it, or {@code null} if it is not there or its time is over
	 */
	@Nullable Entry get(String key);

	/**
	 * Return what is kept, and keep it for longer, or shorter. Its version stays.
	 * @param key its key
	 * @param timeToLive how long from now
	 * @return it, or {@code null} if it is not there or its time is over
	 */
	@Nullable Entry renew(String key, Duration timeToLive);

	/**
	 * Keep something, whatever was there before.
	 * @param key its key, of at most 500 bytes in UTF-8
	 * @param value what to keep, of at most 1 MiB
	 * @param timeToLive how long from now
	 * @param group what it is found by beside its key, of at most 500 bytes in UTF-8, or
	 * {@code null}
	 * @throws IllegalArgumentException if it is too long for the store, or the time is
	 * not positive
	 */
	void put(String key, byte[] value, Duration timeToLive, @Nullable String group);

	/**
	 * Keep something if nobody else has changed it meanwhile.
	 * @param key as for {@link #put}
	 * @param value as for {@link #put}
	 * @param timeToLive as for {@link #put}
	 * @param group as for {@link #put}
	 * @param version the version it has been read with, or {@link #ABSENT}
	 * @return its new version, or {@link #ABSENT} if it has another one by now
	 * @throws IllegalArgumentException as of {@link #put}
	 */
	long replace(String key, byte[] value, Duration timeToLive, @Nullable String group, long version);

	/**
	 * Keep it no longer.
	 * @param key its key
	 * @return whether it was there
	 */
	boolean remove(String key);

	/**
	 * Return the keys of a group.
	 * @param group the group
	 * @return its keys, those used last first, at most 1,000
	 */
	List<String> keys(String group);

	/**
	 * Keep nothing of a group any longer.
	 * @param group the group
	 */
	void removeAll(String group);

	/**
	 * What is kept.
	 *
	 * @param value the bytes, which are the caller's own
	 * @param version a number that nothing else has under this key while the cluster runs
	 */
	record Entry(byte[] value, long version) {

	}

}
