package io.clusterboot.cache;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
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

	// What this thread has asked for in vain, and how many evictions there were before
	private final ThreadLocal<Map<Object, Long>> missed = ThreadLocal.withInitial(Misses::new);

	private final AtomicLong evictions = new AtomicLong();

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

	// So that what is put now is there before the eviction, or not at all
	private synchronized void changed() {
		this.evictions.incrementAndGet();
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
		long before = this.evictions.get();
		return found(key, before, this.local.get(key));
	}

	@Override
	public <T> @Nullable T get(Object key, @Nullable Class<T> type) {
		long before = this.evictions.get();
		return found(key, before, this.local.get(key, type));
	}

	private <T> @Nullable T found(Object key, long before, @Nullable T value) {
		if (value == null) {
			this.missed.get().put(key, before);
		}
		return value;
	}

	@Override
	public <T> @Nullable T get(Object key, Callable<T> loader) {
		long before = this.evictions.get();
		T value = this.local.get(key, loader);
		if (this.evictions.get() != before) {
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
		long before = this.evictions.get();
		return this.local.retrieve(key, loader).whenComplete((value, failure) -> {
			if (this.evictions.get() != before) {
				this.local.evict(key);
			}
		});
	}

	@Override
	public synchronized void put(Object key, @Nullable Object value) {
		if (isStillTrue(key)) {
			this.local.put(key, value);
		}
		else {
			this.local.evict(key);
		}
	}

	@Override
	public synchronized @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		if (isStillTrue(key)) {
			return this.local.putIfAbsent(key, value);
		}
		this.local.evict(key);
		return null;
	}

	private boolean isStillTrue(Object key) {
		Long before = this.missed.get().remove(key);
		return before == null || before == this.evictions.get();
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

	/**
	 * The last of them: what is asked for in vain need not be put.
	 */
	private static final class Misses extends LinkedHashMap<Object, Long> {

		private static final int MOST = 16;

		@Override
		protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
			return size() > MOST;
		}

	}

}
