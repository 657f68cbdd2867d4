package io.clusterboot.event;

/**
 * This worker leads the cluster, or no longer. Unlike a {@link ClusterEvent} it comes in
 * the worker that it is about alone. Who listens late asks {@code Cluster.leader()}.
 */
public sealed interface LeaderEvent permits LeaderGranted, LeaderRevoked {

	long token();

}
