package io.clusterboot.event;

/**
 * This worker leads the cluster, or no longer. Unlike a {@link ClusterEvent} it comes in
 * the worker that it is about alone, and not again for who is added later than that: such
 * a listener asks {@code Cluster.leader()} once it listens.
 */
public sealed interface LeaderEvent permits LeaderGranted, LeaderRevoked {

	long token();

}
