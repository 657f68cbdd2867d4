package io.clusterboot.event;

import io.clusterboot.WorkerSnapshot;

/**
 * A worker accepts no more connections, for good: it drains, is being killed, or has
 * died.
 *
 * @param worker the worker
 */
public record WorkerDisconnected(WorkerSnapshot worker) implements WorkerEvent {

}
