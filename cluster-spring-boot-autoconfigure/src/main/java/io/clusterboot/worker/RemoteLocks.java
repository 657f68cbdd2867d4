package io.clusterboot.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.NamedLock;
import org.jspecify.annotations.Nullable;

/**
 * Has locks kept by the primary.
 */
final class RemoteLocks implements NamedLock.Keeper {

	private final RemoteCluster cluster;

	RemoteLocks(RemoteCluster cluster) {
		this.cluster = cluster;
	}

	@Override
	public @Nullable Long lock(String name, int permits, Duration atMost, Duration atLeast) {
		AtomicLong number = new AtomicLong();
		try {
			Reply.Lock reply = this.cluster.ask((id) -> {
				number.set(id);
				return new Request.Lock(id, name, permits, atMost, atLeast);
			}, Reply.Lock.class);
			return (reply.held()) ? reply.id() : null;
		}
		catch (PrimaryUnavailableException ex) {
			// It may yet come to the request, and then nobody else would get the lock for
			// as long as this worker lives
			this.cluster.tell((id) -> new Request.Unlock(id, name, number.get()));
			throw ex;
		}
	}

	@Override
	public boolean extend(String name, long number, Duration atMost, Duration atLeast) {
		return this.cluster.ask((id) -> new Request.Extend(id, name, number, atMost, atLeast), Reply.Lock.class).held();
	}

	@Override
	public boolean unlock(String name, long number) {
		return this.cluster.ask((id) -> new Request.Unlock(id, name, number), Reply.Lock.class).held();
	}

}
