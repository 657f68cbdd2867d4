package io.clusterboot.cache;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

import io.clusterboot.ClusterLock;
import io.clusterboot.contract.SharedName;
import io.clusterboot.store.ClusterStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;

/**
 * Caches that all workers share: their values are in the {@link ClusterStore}, as JSON. A
 * cache is there as soon as somebody names it.
 */
public final class SharedCacheManager implements CacheManager {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Map<String, SharedCache> caches = new ConcurrentHashMap<>();

	private final CautiousStore store;

	private final Function<String, ClusterLock> locks;

	private final SharedValues values;

	/**
	 * Create the cache manager.
	 * @param store where the values are kept
	 * @param locks by which one worker at a time computes a missing value
	 * @param timeToLive how long a value is kept after it was put
	 * @param mapper the JSON of the application, asked for at the first value
	 * @param classLoader what finds the classes of values
	 * @throws IllegalArgumentException if the time is not positive
	 */
	public SharedCacheManager(ClusterStore store, Function<String, ClusterLock> locks, Duration timeToLive,
			Supplier<JsonMapper> mapper, @Nullable ClassLoader classLoader) {
		if (timeToLive.isZero() || timeToLive.isNegative()) {
			throw new IllegalArgumentException(
					"The property 'cluster.cache.time-to-live' must be a duration greater than zero, such as 1h, not "
							+ timeToLive);
		}
		this.store = new CautiousStore(store, timeToLive, System::nanoTime);
		this.locks = locks;
		this.values = new SharedValues(mapper, classLoader);
	}

	/**
	 * Return a cache.
	 * @param name its name, of at most 100 characters
	 * @return the cache
	 * @throws IllegalArgumentException if the name is empty or too long
	 */
	@Override
	public Cache getCache(String name) {
		SharedCache known = this.caches.get(name);
		return (known != null) ? known : this.caches.computeIfAbsent(name, this::create);
	}

	private SharedCache create(String name) {
		SharedName.require("cache", name);
		return new SharedCache(name, this.store, this.values, this.locks, PATIENCE);
	}

	@Override
	public Collection<String> getCacheNames() {
		return Set.copyOf(this.caches.keySet());
	}

}
