package io.clusterboot.event;

import io.clusterboot.WorkerSnapshot;

/**
 * The web server of a worker was started. It does not serve yet.
 *
 * @param worker the worker
 * @param port the port that all workers share
 */
public record WorkerListening(WorkerSnapshot worker, int port) implements WorkerEvent {

}
