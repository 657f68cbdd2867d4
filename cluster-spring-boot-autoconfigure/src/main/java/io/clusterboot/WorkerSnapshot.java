package io.clusterboot;

import java.time.Instant;

import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * One worker at one moment.
 *
 * @param id counts up from 1 with every fork and is never used twice
 * @param slot its place in the cluster, from 0, or {@link WorkerIdentity#NO_SLOT} for a
 * spare
 * @param pid its process id, or 0 while it is being forked
 * @param generation the generation of code and configuration that it runs
 * @param state its state
 * @param started when it was forked
 * @param ready when it first accepted connections, or {@code null}
 * @param restarts how often a worker of its slot was replaced because it died
 * @param sideDoor the port of the loopback interface by which it alone is reached, or 0
 * if there is none
 * @param metrics what it said of itself in its last heartbeat
 */
public record WorkerSnapshot(int id, int slot, long pid, int generation, WorkerState state, Instant started,
		@Nullable Instant ready, int restarts, int sideDoor, WorkerMetrics metrics) {

}
