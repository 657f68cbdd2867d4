package io.clusterboot.actuate;

import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.LeaderSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.ReloadSnapshot;
import io.clusterboot.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The cluster as the endpoint shows it.
 *
 * @param state what the cluster is doing, in lower case
 * @param primary the primary
 * @param port the port that the workers share
 * @param target how many workers there should be
 * @param generation the generation that is live
 * @param leader who leads, or {@code null}
 * @param failedSlots the slots whose workers have died too often before they were ready
 * @param workers all workers that have not exited
 * @param learnedRequests what users ask for most and the next workers warm up with, or
 * {@code null} if the caller is not to know it
 * @param mayWrite whether the caller may reload, scale and stop the cluster
 * @param lastReload the reload that is under way or ended last, or {@code null}
 */
@JsonInclude
public record ClusterDescriptor(String state, Primary primary, int port, int target, int generation,
		@Nullable LeaderSnapshot leader, List<Integer> failedSlots, List<Worker> workers,
		@Nullable List<String> learnedRequests, boolean mayWrite,
		@Nullable ReloadDescriptor lastReload) implements OperationResponseBody {

	static ClusterDescriptor of(ClusterSnapshot cluster, Function<ReloadSnapshot, ReloadDescriptor> describe,
			boolean trusted, boolean mayWrite) {
		return new ClusterDescriptor(Text.of(cluster.state()), Primary.of(cluster.primary()), cluster.port(),
				cluster.target(), cluster.generation(), cluster.leader(), cluster.failedSlots(),
				cluster.workers().stream().map((worker) -> Worker.of(worker, trusted)).toList(),
				(trusted) ? cluster.learnedRequests() : null, mayWrite,
				(cluster.lastReload() != null) ? describe.apply(cluster.lastReload()) : null);
	}

	/**
	 * The primary as the endpoint shows it.
	 *
	 * @param pid its process id
	 * @param started when it became the primary, in ISO-8601
	 * @param store what it keeps for all workers, or {@code null}
	 */
	@JsonInclude
	public record Primary(long pid, String started, PrimarySnapshot.@Nullable Store store) {

		static Primary of(PrimarySnapshot primary) {
			return new Primary(primary.pid(), primary.started().toString(), primary.store());
		}

	}

	/**
	 * A worker as the endpoint shows it.
	 *
	 * @param id counts up from 1 with every fork and is never used twice
	 * @param slot its place in the cluster, from 0, or {@code null} for a spare
	 * @param pid its process id
	 * @param generation the generation of code and configuration that it runs
	 * @param state its state, in lower case
	 * @param started when it was forked, in ISO-8601
	 * @param ready when it became ready, in ISO-8601, or {@code null}
	 * @param restarts how often a worker of its slot was replaced because it died
	 * @param sideDoor the port of the loopback interface by which it alone is reached, or
	 * {@code null} if there is none or the caller is not to know it
	 * @param metrics how it fares
	 */
	@JsonInclude
	public record Worker(int id, @Nullable Integer slot, long pid, int generation, String state, String started,
			@Nullable String ready, int restarts, @Nullable Integer sideDoor,
			@JsonUnwrapped MetricsDescriptor metrics) {

		static Worker of(WorkerSnapshot worker, boolean trusted) {
			return new Worker(worker.id(), Text.ofSlot(worker.slot()), worker.pid(), worker.generation(),
					Text.of(worker.state()), worker.started().toString(), Text.of(worker.ready()), worker.restarts(),
					(trusted && worker.sideDoor() > 0) ? worker.sideDoor() : null,
					MetricsDescriptor.of(worker.metrics()));
		}

	}

}
