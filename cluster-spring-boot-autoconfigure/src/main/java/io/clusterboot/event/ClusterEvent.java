package io.clusterboot.event;

/**
 * Something that has happened in the cluster. Every worker of which a bean listens to
 * such events is told, by the primary and in the order in which things happened, on a
 * thread of its own; what it asks the cluster then is as the event says, or later. A
 * worker that begins to listen is told of the workers that are alive as if they had just
 * come so far. A worker that does not keep up misses events. Without a cluster there are
 * none.
 */
public sealed interface ClusterEvent permits WorkerEvent, ReloadStarted, ReloadFinished, ClusterScaled {

}
