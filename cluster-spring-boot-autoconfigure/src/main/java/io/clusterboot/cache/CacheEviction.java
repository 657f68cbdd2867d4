package io.clusterboot.cache;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What is to be evicted in all workers.
 *
 * @param manager the name of the cache manager's bean
 * @param cache the name of the cache
 * @param key the key in parts, as {@link EvictionKey} makes them, or {@code null} for all
 */
record CacheEviction(String manager, String cache, @Nullable List<EvictionKey.Part> key) {

}
