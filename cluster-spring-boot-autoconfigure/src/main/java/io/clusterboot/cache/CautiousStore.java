package io.clusterboot.cache;

import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.store.ClusterStore.Entry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The store for those who can do without it: where it does not answer, nothing is there
 * and nothing is kept. What is to be gone is another matter, and fails.
 */
final class CautiousStore {

	/**
	 * How long whoever computes a value may take, after which what it has is not kept.
	 */
	static final Duration LONGEST_COMPUTATION = Duration.ofMinutes(10);

	private static final Log logger = LogFactory.getLog(CautiousStore.class);

	// What keeps the place of a value that is being computed, and is no JSON
	private static final byte[] CLAIM = { '?' };

	// As long as a question waits, so that requests are not held up one after the other
	private static final Duration SILENCE = Duration.ofSeconds(5);

	private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

	private final ClusterStore store;

	private final Duration timeToLive;

	private final LongSupplier clock;

	private final AtomicLong silentUntil;

	private final AtomicLong nextWarning;

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

	/**
	 * Create the store.
	 * @param store what it asks
	 * @param timeToLive how long values are kept
	 * @param clock nanoseconds since whenever
	 */
	CautiousStore(ClusterStore store, Duration timeToLive, LongSupplier clock) {
		this.store = store;
		this.timeToLive = timeToLive;
		this.clock = clock;
		this.silentUntil = new AtomicLong(clock.getAsLong());
		this.nextWarning = new AtomicLong(clock.getAsLong());
	}

	/**
	 * Return the store itself, which fails when it does not answer.
	 * @return the store
	 */
	ClusterStore store() {
		return this.store;
	}

	/**
	 * Return whether asking is worth it.
	 * @return whether the store has not just left a question without an answer
	 */
	boolean answers() {
		return this.clock.getAsLong() - this.silentUntil.get() >= 0;
	}

	/**
	 * Return what is kept.
	 * @param key its key
	 * @return it, or {@code null} if it is not there or nobody knows
	 */
	@Nullable Entry get(String key) {
		if (answers()) {
			try {
				return this.store.get(key);
			}
			catch (PrimaryUnavailableException ex) {
				isSilent(ex);
			}
		}
		return null;
	}

	/**
	 * Keep a value whatever was there before.
	 * @param key its key
	 * @param group the cache
	 * @param value the value
	 */
	void put(String key, String group, byte[] value) {
		try {
			this.store.put(key, value, this.timeToLive, group);
		}
		catch (PrimaryUnavailableException ex) {
			isSilent(ex);
		}
		catch (IllegalArgumentException ex) {
			isRefused(key, group, ex);
		}
	}

	/**
	 * Keep a value if nobody has changed or evicted what was there.
	 * @param key its key
	 * @param group the cache
	 * @param value the value
	 * @param version the version of what was there, or {@code null} if nobody knows
	 * @return whether it is kept, or need not be tried again
	 */
	boolean replace(String key, String group, byte[] value, @Nullable Long version) {
		if (version == null || !answers()) {
			return true;
		}
		try {
			return this.store.replace(key, value, this.timeToLive, group, version) != ClusterStore.ABSENT;
		}
		catch (PrimaryUnavailableException ex) {
			isSilent(ex);
		}
		catch (IllegalArgumentException ex) {
			isRefused(key, group, ex);
		}
		return true;
	}

	/**
	 * Keep the place of a value that is to be computed, to see whether it is evicted
	 * meanwhile.
	 * @param key its key
	 * @param group the cache
	 * @return the version to replace, or {@code null} if nobody knows
	 */
	@Nullable Long claim(String key, String group) {
		if (!answers()) {
			return null;
		}
		try {
			Entry there = this.store.get(key);
			return (there != null) ? there.version()
					: this.store.replace(key, CLAIM, LONGEST_COMPUTATION, group, ClusterStore.ABSENT);
		}
		catch (PrimaryUnavailableException ex) {
			isSilent(ex);
		}
		catch (IllegalArgumentException ex) {
			isRefused(key, group, ex);
		}
		return null;
	}

	/**
	 * Return whether something keeps the place of a value.
	 * @param kept what is kept
	 * @return whether it is no value
	 */
	static boolean isClaim(byte[] kept) {
		return Arrays.equals(kept, CLAIM);
	}

	private void isSilent(PrimaryUnavailableException ex) {
		if (Thread.currentThread().isInterrupted()) {
			return;
		}
		long now = this.clock.getAsLong();
		this.silentUntil.set(now + SILENCE.toNanos());
		long due = this.nextWarning.get();
		if (now - due >= 0 && this.nextWarning.compareAndSet(due, now + BETWEEN_WARNINGS.toNanos())) {
			logger.warn(
					"The store of the cluster does not answer. Until it does, values of shared caches are computed anew: "
							+ ex.getMessage());
		}
	}

	// What was there is not true any more
	private void isRefused(String key, String group, IllegalArgumentException ex) {
		if (this.refused.add(group)) {
			logger.warn("A value of the %s is not kept, nor are others like it: %s".formatted(group, ex.getMessage()));
		}
		try {
			this.store.remove(key);
		}
		catch (PrimaryUnavailableException unavailable) {
			isSilent(unavailable);
		}
	}

}
