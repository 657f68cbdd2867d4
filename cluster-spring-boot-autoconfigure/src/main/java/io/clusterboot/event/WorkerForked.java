package io.clusterboot.event;

import io.clusterboot.WorkerSnapshot;

/**
 * A worker was started.
 *
 * @param worker the worker
 */
public record WorkerForked(WorkerSnapshot worker) implements WorkerEvent {

}
