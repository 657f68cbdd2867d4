package io.clusterboot;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What a reload did to one slot: a new worker and the one that it replaced.
 *
 * @param slot the slot
 * @param generation the generation of the new worker; the old one where a reload goes
 * back
 * @param worker the id of the new worker
 * @param forked when the new worker was forked
 * @param ready when it took the slot over, or {@code null}
 * @param replaced the id of the worker that had the slot before, or {@code null}
 * @param drained when that worker was gone, or {@code null}
 */
public record ReloadStepSnapshot(int slot, int generation, int worker, Instant forked, @Nullable Instant ready,
		@Nullable Integer replaced, @Nullable Instant drained) {

}
