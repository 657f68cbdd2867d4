package io.clusterboot.event;

import io.clusterboot.WorkerSnapshot;

/**
 * A worker speaks to the primary. Its application is only about to start.
 *
 * @param worker the worker
 */
public record WorkerOnline(WorkerSnapshot worker) implements WorkerEvent {

}
