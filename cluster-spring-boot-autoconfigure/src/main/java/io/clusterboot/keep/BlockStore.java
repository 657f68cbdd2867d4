package io.clusterboot.keep;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.clusterboot.PrimarySnapshot;
import io.clusterboot.contract.StoreLimits;
import org.jspecify.annotations.Nullable;

/**
 * Bytes by key, for a time. Everything is in memory off the heap, which is taken as it is
 * needed: the collector has nothing to do with it, however much there is. What was not
 * used for longest makes room. Times are those of {@link System#nanoTime()}. May be used
 * by any thread.
 */
public final class BlockStore {

	/**
	 * The version of what is not there.
	 */
	public static final long ABSENT = 0;

	// For ever: what is longer cannot be added to a time
	private static final Duration LONGEST = Duration.ofDays(36_500);

	// How many entries each new one looks at whose time may be over
	private static final int LOOKS = 4;

	private final Blocks blocks;

	private final Entries entries;

	private final Chains keys;

	private final Chains groups;

	private final Recency uses;

	private final long maxSize;

	// Nobody can make names that all have the same hash
	private final int seed = new Random().nextInt() | 1;

	private long lastVersion;

	// Who asks how much there is does not wait
	private volatile int count;

	private volatile long evictions;

	private volatile long refusals;

	/**
	 * Create a store, which takes no memory before something is kept in it.
	 * @param maxSize how many bytes it may take, or 0 if nothing is to be kept
	 */
	public BlockStore(long maxSize) {
		if (maxSize < 0 || maxSize > StoreLimits.LARGEST) {
			throw new IllegalArgumentException(
					"'cluster.store.max-size' is from 0 to %d bytes, not %d".formatted(StoreLimits.LARGEST, maxSize));
		}
		this.maxSize = maxSize;
		this.blocks = new Blocks(maxSize);
		this.entries = new Entries(this.blocks);
		this.keys = new Chains(this.blocks, 0, Entries.BY_KEY);
		this.groups = new Chains(this.blocks, 1, Entries.BY_GROUP);
		this.uses = new Recency(this.blocks, Entries.BY_USE);
	}

	/**
	 * Return what is kept.
	 * @param key its key
	 * @param timeToLive how long it is kept from now on, or {@code null} for as long as
	 * before
	 * @param now the time
	 * @return it, or {@code null} if it is not there
	 * @throws IllegalArgumentException if the key is too long or the time not positive
	 */
	public synchronized @Nullable Kept get(String key, @Nullable Duration timeToLive, long now) {
		if (timeToLive != null) {
			StoreLimits.require(timeToLive);
		}
		int entry = find(StoreLimits.name("key", key), now);
		if (entry == Blocks.NONE) {
			return null;
		}
		touch(entry);
		if (timeToLive != null) {
			this.entries.expire(entry, after(timeToLive, now));
		}
		return new Kept(this.entries.value(entry), this.entries.version(entry));
	}

	/**
	 * Keep something.
	 * @param key its key
	 * @param value what to keep
	 * @param timeToLive how long from now
	 * @param group its group, or {@code null}
	 * @param version the version that must be there, {@link #ABSENT} or
	 * {@link StoreLimits#ANY_VERSION}
	 * @param now the time
	 * @return its new version, or {@link #ABSENT} if another version is there
	 * @throws IllegalArgumentException if it is too long, or the time is not positive
	 */
	public synchronized long put(String key, ByteBuffer value, Duration timeToLive, @Nullable String group,
			long version, long now) {
		StoreLimits.require(key, value.remaining(), timeToLive, group);
		byte[] keyName = StoreLimits.name("key", key);
		byte[] groupName = (group != null) ? StoreLimits.name("group", group) : null;
		int count = Entries.count(keyName, groupName, value.remaining());
		if (count > this.blocks.most()) {
			throw refused(value.remaining());
		}
		int entry = find(keyName, now);
		if (version != StoreLimits.ANY_VERSION
				&& version != ((entry != Blocks.NONE) ? this.entries.version(entry) : ABSENT)) {
			return ABSENT;
		}
		if (entry != Blocks.NONE) {
			remove(entry);
		}
		removeExpired(now);
		makeRoom(count, value.remaining(), now);
		add(this.blocks.take(count), keyName, groupName, value, after(timeToLive, now));
		return this.lastVersion;
	}

	/**
	 * Keep something no longer.
	 * @param key its key
	 * @param now the time
	 * @return whether it was there
	 * @throws IllegalArgumentException if the key is too long
	 */
	public synchronized boolean remove(String key, long now) {
		int entry = find(StoreLimits.name("key", key), now);
		if (entry != Blocks.NONE) {
			remove(entry);
		}
		return entry != Blocks.NONE;
	}

	/**
	 * Return the keys of a group.
	 * @param group the group
	 * @param now the time
	 * @return the keys used last, the last one first
	 * @throws IllegalArgumentException if the name of the group is too long
	 */
	public synchronized List<String> keys(String group, long now) {
		byte[] groupName = StoreLimits.name("group", group);
		List<String> found = new ArrayList<>();
		int hash = hash(groupName);
		for (int entry = this.groups.first(hash); entry != Blocks.NONE
				&& found.size() < StoreLimits.MOST_KEYS; entry = this.groups.next(entry)) {
			if (isOf(entry, hash, groupName) && !this.entries.isExpired(entry, now)) {
				found.add(this.entries.key(entry));
			}
		}
		return found;
	}

	/**
	 * Keep nothing of a group any longer.
	 * @param group the group
	 * @throws IllegalArgumentException if its name is too long
	 */
	public synchronized void removeAll(String group) {
		byte[] groupName = StoreLimits.name("group", group);
		int hash = hash(groupName);
		int entry = this.groups.first(hash);
		while (entry != Blocks.NONE) {
			int next = this.groups.next(entry);
			if (isOf(entry, hash, groupName)) {
				remove(entry);
			}
			entry = next;
		}
	}

	/**
	 * Return how much is kept. Never waits for others.
	 * @return the store now; an entry counts until it is noticed that its time is over
	 */
	public PrimarySnapshot.Store snapshot() {
		return new PrimarySnapshot.Store(this.count, (long) this.blocks.used() * Blocks.SIZE, this.maxSize,
				this.evictions, this.refusals);
	}

	private IllegalArgumentException refused(int length) {
		this.refusals++;
		return new IllegalArgumentException((this.maxSize == 0)
				? "Nothing can be kept because 'cluster.store.max-size' is 0. Raise it and restart the cluster"
				: ("There is no room for %d bytes, whatever else is removed, in the %d of 'cluster.store.max-size'. "
						+ "Raise it and restart the cluster")
					.formatted(length, this.maxSize));
	}

	private void makeRoom(int count, int length, long now) {
		while (this.blocks.ready() < count) {
			if (this.blocks.grow()) {
				this.keys.grown();
				this.groups.grown();
			}
			else if (this.uses.oldest() != Blocks.NONE) {
				int oldest = this.uses.oldest();
				this.evictions += (this.entries.isExpired(oldest, now)) ? 0 : 1;
				remove(oldest);
			}
			else {
				// There is less memory than there may be
				throw refused(length);
			}
		}
	}

	private void removeExpired(long now) {
		for (int i = 0; i < LOOKS; i++) {
			int entry = this.uses.round();
			if (entry != Blocks.NONE && this.entries.isExpired(entry, now)) {
				remove(entry);
			}
		}
	}

	private void add(int entry, byte[] keyName, byte @Nullable [] groupName, ByteBuffer value, long expires) {
		this.entries.write(entry, keyName, groupName, value, ++this.lastVersion);
		this.entries.expire(entry, expires);
		this.keys.add(entry, hash(keyName));
		if (groupName != null) {
			this.groups.add(entry, hash(groupName));
		}
		this.uses.add(entry);
		this.count++;
	}

	private void remove(int entry) {
		this.keys.remove(entry);
		this.uses.remove(entry);
		if (this.entries.isGrouped(entry)) {
			this.groups.remove(entry);
		}
		this.blocks.giveBack(entry);
		this.count--;
	}

	private void touch(int entry) {
		this.uses.remove(entry);
		this.uses.add(entry);
		if (this.entries.isGrouped(entry)) {
			this.groups.remove(entry);
			this.groups.add(entry, this.groups.hash(entry));
		}
	}

	private int find(byte[] keyName, long now) {
		int hash = hash(keyName);
		for (int entry = this.keys.first(hash); entry != Blocks.NONE; entry = this.keys.next(entry)) {
			if (this.keys.hash(entry) == hash && this.entries.hasKey(entry, keyName)) {
				if (!this.entries.isExpired(entry, now)) {
					return entry;
				}
				remove(entry);
				return Blocks.NONE;
			}
		}
		return Blocks.NONE;
	}

	private boolean isOf(int entry, int hash, byte[] groupName) {
		return this.groups.hash(entry) == hash && this.entries.hasGroup(entry, groupName);
	}

	private static long after(Duration timeToLive, long now) {
		return now + ((timeToLive.compareTo(LONGEST) < 0) ? timeToLive : LONGEST).toNanos();
	}

	private int hash(byte[] bytes) {
		int hash = this.seed;
		for (byte one : bytes) {
			hash = (hash ^ one) * this.seed;
			hash ^= hash >>> 15;
		}
		return hash;
	}

	/**
	 * What is kept.
	 *
	 * @param value the bytes, which are the caller's own
	 * @param version its version
	 */
	public record Kept(byte[] value, long version) {

	}

}
