package io.clusterboot.event;

import io.clusterboot.WorkerSnapshot;

/**
 * A step in the life of a worker, of which each has every step at most once, in this
 * order: forked, online, listening, ready, disconnected, exited.
 */
public sealed interface WorkerEvent extends ClusterEvent
		permits WorkerForked, WorkerOnline, WorkerListening, WorkerReady, WorkerDisconnected, WorkerExited {

	/**
	 * Return the worker as it was then.
	 * @return the worker
	 */
	WorkerSnapshot worker();

}
