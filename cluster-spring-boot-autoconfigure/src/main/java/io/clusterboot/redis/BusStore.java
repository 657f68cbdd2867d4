package io.clusterboot.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.clusterboot.contract.StoreLimits;
import io.clusterboot.store.ClusterStore;
import org.jspecify.annotations.Nullable;

/**
 * Bytes by key, on Redis, which also ends what has had its time. Those of a group are in
 * an index by when they were used.
 */
final class BusStore implements ClusterStore {

	// How many are removed before others have their turn
	private static final int BATCH = 1000;

	private final BusKeys keys;

	private final Supplier<BusClient> client;

	BusStore(BusKeys keys, Supplier<BusClient> client) {
		this.keys = keys;
		this.client = client;
	}

	@Override
	public @Nullable Entry get(String key) {
		return find(key, 0);
	}

	@Override
	public @Nullable Entry renew(String key, Duration timeToLive) {
		StoreLimits.require(timeToLive);
		return find(key, millis(timeToLive));
	}

	private @Nullable Entry find(String key, long millis) {
		StoreLimits.name("key", key);
		List<byte[]> kept = this.client.get()
			.ask((connection) -> BusClient.run(connection, Script.FIND, List.of(this.keys.kept(key)), millis));
		return (!kept.isEmpty()) ? new Entry(kept.get(0), Long.parseLong(BusKeys.text(kept.get(1)))) : null;
	}

	// Redis takes 0 to be over already
	private static long millis(Duration duration) {
		return Math.max(BusLocks.limited(duration).toMillis(), 1);
	}

	@Override
	public void put(String key, byte[] value, Duration timeToLive, @Nullable String group) {
		keep(key, value, timeToLive, group, StoreLimits.ANY_VERSION);
	}

	@Override
	public long replace(String key, byte[] value, Duration timeToLive, @Nullable String group, long version) {
		return (version >= ABSENT) ? keep(key, value, timeToLive, group, version) : ABSENT;
	}

	private long keep(String key, byte[] value, Duration timeToLive, @Nullable String group, long version) {
		StoreLimits.require(key, value.length, timeToLive, group);
		List<byte[]> keys = new ArrayList<>(List.of(this.keys.kept(key), this.keys.lastKept()));
		if (group != null) {
			keys.add(this.keys.group(group));
		}
		return Long.parseLong(this.client.get().ask(Script.KEEP, keys, value, millis(timeToLive), version).get(0));
	}

	@Override
	public boolean remove(String key) {
		StoreLimits.name("key", key);
		Long removed = this.client.get().ask((connection) -> connection.keyCommands().del(this.keys.kept(key)));
		return removed != null && removed > 0;
	}

	@Override
	public List<String> keys(String group) {
		StoreLimits.name("group", group);
		int prefix = BusKeys.text(this.keys.kept("")).length();
		return this.client.get()
			.ask(Script.LIST, List.of(this.keys.group(group)), StoreLimits.MOST_KEYS)
			.stream()
			.map((kept) -> kept.substring(prefix))
			.toList();
	}

	@Override
	public void removeAll(String group) {
		StoreLimits.name("group", group);
		List<byte[]> index = List.of(this.keys.group(group));
		BusClient client = this.client.get();
		String more;
		do {
			more = client.ask(Script.CLEAR, index, BATCH).get(0);
		}
		while (more.equals("1"));
	}

}
