package io.clusterboot.cache;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache;

/**
 * A cache in the memory of this worker, of which others hear what is evicted. A value
 * that was asked for before an eviction is not kept after it: it may be the old one.
 */
final class EvictingCache implements Cache {

	private final Cache local;

	private final Consumer<@Nullable Object> others;

	private final ThreadLocal<@Nullable Long> missed = new ThreadLocal<>();

	private long evictions;

	/**
	 * Create the cache.
	 * @param local what it keeps its values in
	 * @param others has other workers evict a key, or everything if it is {@code null},
	 * and returns when they have
	 */
	EvictingCache(Cache local, Consumer<@Nullable Object> others) {
		this.local = local;
		this.others = others;
	}

	boolean isOf(Cache local) {
		return this.local == local;
	}

	/**
	 * Evict here only.
	 * @param key the key, or {@code null} for all
	 */
	void evictHere(@Nullable Object key) {
		changed();
		if (key != null) {
			this.local.evict(key);
		}
		else {
			this.local.clear();
		}
	}

	private synchronized void changed() {
		this.evictions++;
	}

	private synchronized long evictions() {
		return this.evictions;
	}

	private void evictEverywhere(@Nullable Object key) {
		evictHere(key);
		this.others.accept(key);
	}

	@Override
	public String getName() {
		return this.local.getName();
	}

	@Override
	public Object getNativeCache() {
		return this.local.getNativeCache();
	}

	@Override
	public @Nullable ValueWrapper get(Object key) {
		this.missed.set(evictions());
		ValueWrapper value = this.local.get(key);
		if (value != null) {
			this.missed.remove();
		}
		return value;
	}

	@Override
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		this.missed.set(evictions());
		T value = this.local.get(key, type);
		if (value != null) {
			this.missed.remove();
		}
		return value;
	}

	@Override
	public <T> @Nullable T get(Object key, Callable<T> loader) {
		long before = evictions();
		T value = this.local.get(key, loader);
		if (evictions() != before) {
			this.local.evict(key);
		}
		return value;
	}

	@Override
	public @Nullable CompletableFuture<?> retrieve(Object key) {
		return this.local.retrieve(key);
	}

	@Override
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
		long before = evictions();
		return this.local.retrieve(key, loader).whenComplete((value, failure) -> {
			if (evictions() != before) {
				this.local.evict(key);
			}
		});
	}

	@Override
	public synchronized void put(Object key, @Nullable Object value) {
		if (isStillTrue()) {
			this.local.put(key, value);
		}
	}

	@Override
	public synchronized @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		return (isStillTrue()) ? this.local.putIfAbsent(key, value) : null;
	}

	private boolean isStillTrue() {
		Long before = this.missed.get();
		this.missed.remove();
		return before == null || before == this.evictions;
	}

	@Override
	public void evict(Object key) {
		evictEverywhere(key);
	}

	@Override
	public boolean evictIfPresent(Object key) {
		boolean present = this.local.evictIfPresent(key);
		evictEverywhere(key);
		return present;
	}

	@Override
	public void clear() {
		evictEverywhere(null);
	}

	@Override
	public boolean invalidate() {
		boolean present = this.local.invalidate();
		evictEverywhere(null);
		return present;
	}

}
