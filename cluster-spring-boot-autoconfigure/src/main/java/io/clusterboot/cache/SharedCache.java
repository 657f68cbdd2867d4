package io.clusterboot.cache;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

import io.clusterboot.ClusterLock;
import io.clusterboot.cache.Computations.Missing;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.store.ClusterStore.Entry;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.support.AbstractValueAdaptingCache;

/**
 * A cache that all workers share. Every value that is got from it is a new object.
 */
final class SharedCache extends AbstractValueAdaptingCache {

	private final String name;

	private final String group;

	private final CautiousStore store;

	private final SharedValues values;

	private final Computations computations;

	// What this thread has asked for while the store was silent, and may compute and
	// put
	private final ThreadLocal<StoredKey> unknown = new ThreadLocal<>();

	/**
	 * Create the cache.
	 * @param name its name
	 * @param store where its values are
	 * @param values how they are written
	 * @param locks by which one worker at a time computes a value
	 * @param patience how long a value may take before another thread computes it too
	 */
	SharedCache(String name, CautiousStore store, SharedValues values, Function<String, ClusterLock> locks,
			Duration patience) {
		super(true);
		this.name = name;
		this.group = "cache " + name;
		this.store = store;
		this.values = values;
		this.computations = new Computations(this, locks, patience);
	}

	@Override
	public String getName() {
		return this.name;
	}

	@Override
	public ClusterStore getNativeCache() {
		return this.store.store();
	}

	private StoredKey placeOf(Object key) {
		return StoredKey.of(this.name, key);
	}

	@Override
	protected @Nullable Object lookup(Object key) {
		StoredKey place = placeOf(key);
		Object value = valueOf(place);
		this.unknown.remove();
		if (value == null && !this.store.answers()) {
			this.unknown.set(place);
		}
		return value;
	}

	private @Nullable Object valueOf(StoredKey place) {
		Found found = find(place);
		return (found != null) ? toStoreValue(found.value()) : null;
	}

	@Override
	@SuppressWarnings("unchecked")
	public <T> @Nullable T get(Object key, Callable<T> loader) {
		return (T) this.computations.get(new Missing(key, placeOf(key), loader));
	}

	@Override
	public @Nullable CompletableFuture<?> retrieve(Object key) {
		Object value = valueOf(placeOf(key));
		return (value != null) ? CompletableFuture.completedFuture(toValueWrapper(value)) : null;
	}

	@Override
	public <T> CompletableFuture<T> retrieve(Object key, Supplier<CompletableFuture<T>> loader) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return get(key, () -> loader.get().join());
			}
			catch (ValueRetrievalException ex) {
				throw (ex.getCause() instanceof CompletionException failure) ? failure : ex;
			}
		});
	}

	@Override
	public void put(Object key, @Nullable Object value) {
		StoredKey place = placeOf(key);
		byte[] written = write(key, value);
		boolean asked = place.equals(this.unknown.get());
		this.unknown.remove();
		// Of what has changed the store is to hear, though it be late
		if (!asked || this.store.answers()) {
			this.store.put(place.text(), this.group, written);
		}
	}

	@Override
	public @Nullable ValueWrapper putIfAbsent(Object key, @Nullable Object value) {
		StoredKey place = placeOf(key);
		byte[] written = write(key, value);
		while (true) {
			Entry there = this.store.get(place.text());
			Found found = (there != null) ? read(there.value()) : null;
			if (found != null) {
				return toValueWrapper(toStoreValue(found.value()));
			}
			if (replace(place, written, (there != null) ? there.version() : ClusterStore.ABSENT)) {
				return null;
			}
		}
	}

	@Override
	public void evict(Object key) {
		this.store.store().remove(placeOf(key).text());
	}

	@Override
	public boolean evictIfPresent(Object key) {
		StoredKey place = placeOf(key);
		boolean found = find(place) != null;
		return this.store.store().remove(place.text()) && found;
	}

	@Override
	public void clear() {
		this.store.store().removeAll(this.group);
	}

	@Override
	public boolean invalidate() {
		boolean present = !this.store.store().keys(this.group).isEmpty();
		clear();
		return present;
	}

	boolean isReachable() {
		return this.store.answers();
	}

	@Nullable Found find(StoredKey place) {
		Entry entry = this.store.get(place.text());
		return (entry != null) ? read(entry.value()) : null;
	}

	/**
	 * Read a value.
	 * @param written what is kept in its place
	 * @return the value, or {@code null} if there is none that can be read
	 */
	@Nullable Found read(byte[] written) {
		return (!CautiousStore.isClaim(written)) ? this.values.read(this.name, written) : null;
	}

	byte[] write(Object key, @Nullable Object value) {
		return this.values.write(this.name, key, value);
	}

	@Nullable Long claim(StoredKey place) {
		return this.store.claim(place.text(), this.group);
	}

	boolean replace(StoredKey place, byte[] written, @Nullable Long version) {
		return this.store.replace(place.text(), this.group, written, version);
	}

	/**
	 * A value that is there.
	 *
	 * @param value the value
	 */
	record Found(@Nullable Object value) {

	}

}
