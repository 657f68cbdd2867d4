package io.clusterboot;

import org.jspecify.annotations.Nullable;

/**
 * What was lost while a reload ran.
 *
 * @param before what the kernel had counted when it began, or {@code null} where that
 * cannot be read
 * @param after what the kernel had counted when it ended, or {@code null} before that
 * @param cutRequests requests that were still in flight when the time to drain was over
 * @param killedWorkers workers that were killed before their application had closed
 */
public record LossSnapshot(@Nullable DropCounts before, @Nullable DropCounts after, int cutRequests,
		int killedWorkers) {

}
