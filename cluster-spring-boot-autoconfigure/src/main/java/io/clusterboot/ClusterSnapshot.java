package io.clusterboot;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The cluster at one moment, as the primary sees it.
 *
 * @param state what the cluster is doing
 * @param primary the primary
 * @param port the port that the workers share
 * @param target how many workers there should be
 * @param generation the generation that is live
 * @param workers all workers that have not exited, by slot and id
 * @param failedSlots the slots whose workers have died too often before they were ready
 * @param learnedRequests what users ask for most and the next workers warm up with
 * @param lastReload the reload that is under way or ended last, or {@code null}
 * @param leader who leads, or {@code null}
 */
public record ClusterSnapshot(ClusterState state, PrimarySnapshot primary, int port, int target, int generation,
		List<WorkerSnapshot> workers, List<Integer> failedSlots, List<String> learnedRequests,
		@Nullable ReloadSnapshot lastReload, @Nullable LeaderSnapshot leader) {

	public ClusterSnapshot {
		workers = List.copyOf(workers);
		failedSlots = List.copyOf(failedSlots);
		learnedRequests = List.copyOf(learnedRequests);
	}

}
