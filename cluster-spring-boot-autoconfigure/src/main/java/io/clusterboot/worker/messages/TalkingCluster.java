package io.clusterboot.worker.messages;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterAnswers;
import org.jspecify.annotations.Nullable;

/**
 * A cluster whose workers talk to each other.
 */
public abstract class TalkingCluster implements Cluster {

	/**
	 * Return what this worker says to others.
	 * @return the messages
	 */
	public abstract Messages messages();

	@Override
	public CompletableFuture<Void> broadcast(Object payload) {
		return messages().broadcast(payload);
	}

	@Override
	public CompletableFuture<Void> retain(String topic, Object payload) {
		return messages().retain(topic, payload);
	}

	@Override
	public CompletableFuture<Void> send(int worker, Object payload) {
		return messages().send(worker, payload);
	}

	@Override
	public <R> CompletableFuture<@Nullable R> request(int worker, Object payload, Class<R> type, Duration timeout) {
		return messages().ask(worker, payload, type, timeout);
	}

	@Override
	public <R> CompletableFuture<ClusterAnswers<R>> requestAll(Object payload, Class<R> type, Duration timeout) {
		return messages().askAll(payload, type, timeout);
	}

}
