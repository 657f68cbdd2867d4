package io.clusterboot.event;

import io.clusterboot.WorkerSnapshot;

/**
 * A worker serves for the first time.
 *
 * @param worker the worker
 */
public record WorkerReady(WorkerSnapshot worker) implements WorkerEvent {

}
