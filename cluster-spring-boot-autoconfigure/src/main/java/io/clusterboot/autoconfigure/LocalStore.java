package io.clusterboot.autoconfigure;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

import io.clusterboot.contract.StoreLimits;
import io.clusterboot.keep.BlockStore;
import io.clusterboot.store.ClusterStore;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

/**
 * Keeps what an application has kept that runs without a cluster, as a primary would.
 */
final class LocalStore implements ClusterStore {

	private final BlockStore store;

	LocalStore(DataSize maxSize) {
		this.store = new BlockStore(maxSize.toBytes());
	}

	static LocalStore of(Environment environment) {
		return new LocalStore(Binder.get(environment)
			.bind("cluster.store.max-size", DataSize.class)
			.orElse(DataSize.ofMegabytes(16)));
	}

	@Override
	public @Nullable Entry get(String key) {
		return entry(this.store.get(key, null, System.nanoTime()));
	}

	@Override
	public @Nullable Entry renew(String key, Duration timeToLive) {
		return entry(this.store.get(key, timeToLive, System.nanoTime()));
	}

	private static @Nullable Entry entry(BlockStore.@Nullable Kept kept) {
		return (kept != null) ? new Entry(kept.value(), kept.version()) : null;
	}

	@Override
	public void put(String key, byte[] value, Duration timeToLive, @Nullable String group) {
		this.store.put(key, ByteBuffer.wrap(value), timeToLive, group, StoreLimits.ANY_VERSION, System.nanoTime());
	}

	@Override
	public long replace(String key, byte[] value, Duration timeToLive, @Nullable String group, long version) {
		return (version >= ABSENT)
				? this.store.put(key, ByteBuffer.wrap(value), timeToLive, group, version, System.nanoTime()) : ABSENT;
	}

	@Override
	public boolean remove(String key) {
		return this.store.remove(key, System.nanoTime());
	}

	@Override
	public List<String> keys(String group) {
		return this.store.keys(group, System.nanoTime());
	}

	@Override
	public void removeAll(String group) {
		this.store.removeAll(group);
	}

}
