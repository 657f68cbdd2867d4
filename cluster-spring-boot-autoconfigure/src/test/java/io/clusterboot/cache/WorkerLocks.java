package io.clusterboot.cache;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.clusterboot.ClusterLock;
import org.jspecify.annotations.Nullable;

/**
 * Locks of workers that can end.
 */
final class WorkerLocks {

	private final Map<String, Holder> holders = new ConcurrentHashMap<>();

	Function<String, ClusterLock> of(int worker) {
		return (name) -> new Lock(name, worker, this.holders);
	}

	void ended(int worker) {
		this.holders.values().removeIf((holder) -> holder.worker == worker);
	}

	int held() {
		return this.holders.size();
	}

	private record Holder(int worker, Object number) {

	}

	private record Lock(String name, int worker, Map<String, Holder> holders) implements ClusterLock {

		@Override
		public @Nullable Held tryLock(Duration atMost, Duration atLeast) {
			Holder holder = new Holder(this.worker, new Object());
			if (this.holders.putIfAbsent(this.name, holder) != null) {
				return null;
			}
			return new Held() {

				@Override
				public boolean extend(Duration atMost, Duration atLeast) {
					throw new UnsupportedOperationException();
				}

				@Override
				public boolean unlock() {
					return Lock.this.holders.remove(Lock.this.name, holder);
				}

			};
		}

	}

}
