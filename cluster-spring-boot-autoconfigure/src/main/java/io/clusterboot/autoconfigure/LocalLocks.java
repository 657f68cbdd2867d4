package io.clusterboot.autoconfigure;

import java.time.Duration;
import java.time.Instant;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.contract.NamedLock;
import io.clusterboot.supervisor.shared.Locks;
import io.clusterboot.supervisor.shared.Locks.Holder;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the locks of an application that runs without a cluster, as a primary would.
 */
final class LocalLocks implements NamedLock.Keeper {

	private final int worker;

	private final Locks locks = new Locks();

	private long lastNumber;

	LocalLocks(int worker) {
		this.worker = worker;
	}

	@Override
	public synchronized @Nullable Long lock(String name, int permits, Duration atMost, Duration atLeast) {
		if (!this.locks.hasRoom(name, permits, now())) {
			throw new PrimaryUnavailableException("There is no room for one more lock", null);
		}
		long number = ++this.lastNumber;
		return (this.locks.lock(name, permits, holder(number), atMost, atLeast, now())) ? number : null;
	}

	@Override
	public synchronized boolean extend(String name, long number, Duration atMost, Duration atLeast) {
		return this.locks.extend(name, holder(number), atMost, atLeast, now());
	}

	@Override
	public synchronized boolean unlock(String name, long number) {
		return this.locks.unlock(name, holder(number), now());
	}

	private Holder holder(long number) {
		return new Holder(this.worker, number);
	}

	// Unlike the wall clock it never jumps
	private static Instant now() {
		return Instant.EPOCH.plusNanos(System.nanoTime());
	}

}
