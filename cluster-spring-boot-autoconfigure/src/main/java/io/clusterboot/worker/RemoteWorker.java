package io.clusterboot.worker;

import java.util.function.Supplier;

import io.clusterboot.ClusterWorker;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;

/**
 * A worker, of which the primary decides what becomes.
 *
 * @param cluster asks the primary
 * @param requester says who wants something
 * @param id the id of the worker
 */
record RemoteWorker(RemoteCluster cluster, Supplier<Requester> requester, int id) implements ClusterWorker {

	@Override
	public boolean disconnect() {
		Requester who = this.requester.get();
		return this.cluster.ask((id) -> new Request.Disconnect(id, who, this.id), Reply.Worker.class).known();
	}

	@Override
	public boolean kill() {
		Requester who = this.requester.get();
		return this.cluster.ask((id) -> new Request.Kill(id, who, this.id), Reply.Worker.class).known();
	}

}
