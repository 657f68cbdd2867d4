package io.clusterboot.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import io.clusterboot.ClusterLock;
import io.clusterboot.ClusterLock.Held;
import io.clusterboot.PrimaryUnavailableException;
import org.jspecify.annotations.Nullable;

import org.springframework.cache.Cache.ValueRetrievalException;

/**
 * Has a missing value computed by one thread of one worker, while others wait for it. The
 * lock of that worker ends with its process, so the next in line takes its place.
 */
final class Computations {

	// In milliseconds
	private static final long FIRST_PAUSE = 5;

	private static final long LONGEST_PAUSE = 50;

	private final SharedCache cache;

	private final Function<String, ClusterLock> locks;

	private final long patience;

	private final Map<String, Computation> running = new ConcurrentHashMap<>();

	/**
	 * Create the computations of a cache.
	 * @param cache the cache
	 * @param locks the locks of the cluster by their names
	 * @param patience how long a value may take before another thread computes it too
	 */
	Computations(SharedCache cache, Function<String, ClusterLock> locks, Duration patience) {
		this.cache = cache;
		this.locks = locks;
		this.patience = patience.toNanos();
	}

	/**
	 * Return a value, and have it computed if it is missing.
	 * @param missing what may be missing
	 * @return the value
	 * @throws ValueRetrievalException if this thread computed it and failed
	 */
	@Nullable Object get(Missing missing) {
		long begin = System.nanoTime();
		for (int failures = 0; true; failures++) {
			SharedCache.Found there = this.cache.find(missing.place());
			if (there != null) {
				return there.value();
			}
			Computation own = new Computation();
			Computation current = this.running.putIfAbsent(missing.place().text(), own);
			if (current == null) {
				return lead(missing, own);
			}
			if ((failures > 0 && isOver(begin)) || !current.await(missing)) {
				return compute(missing, current);
			}
			Computed computed = current.result();
			if (computed != null) {
				return copyOf(computed);
			}
		}
	}

	private boolean isOver(long begin) {
		return System.nanoTime() - begin >= this.patience;
	}

	private @Nullable Object copyOf(Computed computed) {
		SharedCache.Found copy = this.cache.read(computed.written());
		return (copy != null) ? copy.value() : computed.value();
	}

	private @Nullable Object lead(Missing missing, Computation own) {
		try {
			return leadInCluster(missing, own);
		}
		finally {
			this.running.remove(missing.place().text(), own);
			own.end();
		}
	}

	private @Nullable Object leadInCluster(Missing missing, Computation own) {
		ClusterLock lock = this.locks.apply(missing.place().lock());
		long begin = System.nanoTime();
		for (long pause = FIRST_PAUSE; this.cache.isReachable()
				&& !isOver(begin); pause = Math.min(2 * pause, LONGEST_PAUSE)) {
			Held held;
			try {
				held = lock.tryLock(CautiousStore.LONGEST_COMPUTATION);
			}
			catch (PrimaryUnavailableException ex) {
				break;
			}
			if (held != null) {
				try {
					SharedCache.Found there = this.cache.find(missing.place());
					return (there != null) ? there.value() : compute(missing, own);
				}
				finally {
					unlock(held);
				}
			}
			pause(missing, pause);
			own.goesOn();
			SharedCache.Found there = this.cache.find(missing.place());
			if (there != null) {
				return there.value();
			}
		}
		return compute(missing, own);
	}

	private static void unlock(Held held) {
		try {
			held.unlock();
		}
		catch (PrimaryUnavailableException ex) {
			// Others wait until their patience ends, and the value may be there by then
		}
	}

	private static void pause(Missing missing, long millis) {
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
		}
		catch (InterruptedException ex) {
			throw missing.interrupted(ex);
		}
	}

	private @Nullable Object compute(Missing missing, Computation computation) {
		computation.goesOn();
		Long version = this.cache.claim(missing.place());
		Object value;
		try {
			value = missing.loader().call();
		}
		catch (Throwable ex) {
			throw new ValueRetrievalException(missing.key(), missing.loader(), ex);
		}
		try {
			byte[] written = this.cache.write(missing.key(), value);
			this.cache.replace(missing.place(), written, version);
			computation.end(new Computed(written, value));
			return value;
		}
		catch (IllegalArgumentException ex) {
			computation.fail(ex);
			throw ex;
		}
	}

	/**
	 * What may have to be computed.
	 *
	 * @param key the key in the cache
	 * @param place the key in the store
	 * @param loader computes the value
	 */
	record Missing(Object key, StoredKey place, Callable<?> loader) {

		ValueRetrievalException interrupted(InterruptedException ex) {
			Thread.currentThread().interrupt();
			return new ValueRetrievalException(this.key, this.loader, ex);
		}

	}

	/**
	 * A value that was computed.
	 *
	 * @param written the value in the form of the store
	 * @param value the value
	 */
	@SuppressWarnings("ArrayRecordComponent")
	private record Computed(byte[] written, @Nullable Object value) {

	}

	/**
	 * What threads of this worker wait for.
	 */
	private final class Computation {

		private final CompletableFuture<@Nullable Computed> result = new CompletableFuture<>();

		private final AtomicLong lastStep = new AtomicLong(System.nanoTime());

		void goesOn() {
			this.lastStep.set(System.nanoTime());
		}

		void end(Computed computed) {
			this.result.complete(computed);
		}

		// Without a value, if there is none yet: who waits looks again
		void end() {
			this.result.complete(null);
		}

		void fail(IllegalArgumentException ex) {
			this.result.completeExceptionally(ex);
		}

		/**
		 * Wait for the end.
		 * @param missing what is waited for
		 * @return whether it has ended; if not, whoever asks has to compute the value too
		 */
		boolean await(Missing missing) {
			while (true) {
				long last = this.lastStep.get();
				try {
					this.result.get(last + Computations.this.patience - System.nanoTime(), TimeUnit.NANOSECONDS);
					return true;
				}
				catch (ExecutionException ex) {
					return true;
				}
				catch (TimeoutException ex) {
					if (isOver(last) && this.lastStep.compareAndSet(last, System.nanoTime())) {
						return false;
					}
				}
				catch (InterruptedException ex) {
					throw missing.interrupted(ex);
				}
			}
		}

		@Nullable Computed result() {
			try {
				return this.result.join();
			}
			catch (CompletionException ex) {
				throw (ex.getCause() instanceof IllegalArgumentException failure) ? failure : ex;
			}
		}

	}

}
