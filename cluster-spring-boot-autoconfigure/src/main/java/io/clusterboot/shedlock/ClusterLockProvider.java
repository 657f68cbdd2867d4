package io.clusterboot.shedlock;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterException;
import io.clusterboot.ClusterLock.Held;
import net.javacrumbs.shedlock.core.AbstractSimpleLock;
import net.javacrumbs.shedlock.core.ExtensibleLockProvider;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.SimpleLock;
import net.javacrumbs.shedlock.support.LockException;
import org.jspecify.annotations.Nullable;

/**
 * Gives ShedLock the locks of the cluster. Durations are measured where the locks are
 * kept, so no two clocks have to agree.
 */
public final class ClusterLockProvider implements ExtensibleLockProvider {

	private final Cluster cluster;

	public ClusterLockProvider(Cluster cluster) {
		this.cluster = cluster;
	}

	@Override
	public Optional<SimpleLock> lock(LockConfiguration configuration) {
		Held held = ask(() -> this.cluster.lock(configuration.getName())
			.tryLock(configuration.getLockAtMostFor(), atLeast(configuration)));
		return Optional.ofNullable(held).map((lock) -> new HeldLock(configuration, lock));
	}

	// ShedLock allows less than nothing
	private static Duration atLeast(LockConfiguration configuration) {
		Duration atLeast = configuration.getLockAtLeastFor();
		return (atLeast.isNegative()) ? Duration.ZERO : atLeast;
	}

	private static <T extends @Nullable Object> T ask(Supplier<T> question) {
		try {
			return question.get();
		}
		catch (ClusterException ex) {
			throw new LockException(String.valueOf(ex.getMessage()), ex);
		}
	}

	/**
	 * A lock that becomes another one when it is extended.
	 */
	private static final class HeldLock extends AbstractSimpleLock {

		private final Held held;

		HeldLock(LockConfiguration configuration, Held held) {
			super(configuration);
			this.held = held;
		}

		@Override
		protected void doUnlock() {
			ask(this.held::unlock);
		}

		@Override
		protected Optional<SimpleLock> doExtend(LockConfiguration configuration) {
			boolean extended = ask(() -> this.held.extend(configuration.getLockAtMostFor(), atLeast(configuration)));
			return (extended) ? Optional.of(new HeldLock(configuration, this.held)) : Optional.empty();
		}

	}

}
