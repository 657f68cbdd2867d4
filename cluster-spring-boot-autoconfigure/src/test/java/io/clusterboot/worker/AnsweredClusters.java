package io.clusterboot.worker;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.clusterboot.Cluster;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.lead.LocalLeader;
import io.clusterboot.supervisor.shared.SharedState;

/**
 * Makes clusters of workers without a primary, whose questions about what all of them
 * share are answered at once.
 */
public final class AnsweredClusters {

	private AnsweredClusters() {
	}

	/**
	 * Return the cluster of a worker.
	 * @param worker the worker's id
	 * @param shared what answers it
	 * @return the cluster
	 */
	public static Cluster of(int worker, SharedState shared) {
		AtomicReference<RemoteCluster> cluster = new AtomicReference<>();
		cluster.set(new RemoteCluster(() -> new WorkerIdentity(worker, 0, 1, 8080, 1, "/tmp"), (message) -> {
			synchronized (shared) {
				cluster.get()
					.received(
							shared.to(worker, (Request.OfShared) message, Instant.EPOCH.plusNanos(System.nanoTime())));
			}
		}, new LocalLeader(1)));
		return cluster.get();
	}

	/**
	 * Return the cluster of a worker whose primary is somebody else.
	 * @param worker the worker's id
	 * @param primary hears what the worker says
	 * @return the cluster
	 */
	public static RemoteCluster of(int worker, Consumer<Message> primary) {
		return new RemoteCluster(() -> new WorkerIdentity(worker, 0, 1, 8080, 1, "/tmp"), primary, new LocalLeader(1));
	}

	/**
	 * Tell a worker what its primary says.
	 * @param cluster the cluster of the worker
	 * @param message the message
	 */
	public static void tell(RemoteCluster cluster, Message.FromPrimary message) {
		cluster.received(message);
	}

}
