package io.clusterboot.actuate;

import java.util.List;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ReloadSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The cluster as the endpoint shows it. Names, order, nulls and formats are fixed here,
 * because with {@code management.endpoints.jackson.isolated-json-mapper=false} the
 * application's own JSON settings would otherwise decide them.
 *
 * @param state what the cluster is doing, in lower case
 * @param primary the primary
 * @param port the port that the workers share
 * @param target how many workers there should be
 * @param generation the generation that is live
 * @param failedSlots the slots whose workers have died too often before they were ready
 * @param workers all workers that have not exited
 * @param lastReload the reload that is under way or ended last, or {@code null}
 */
@JsonInclude
@JsonPropertyOrder({ "state", "primary", "port", "target", "generation", "failedSlots", "workers", "lastReload" })
public record ClusterDescriptor(@JsonProperty("state") String state, @JsonProperty("primary") PrimaryDescriptor primary,
		@JsonProperty("port") int port, @JsonProperty("target") int target, @JsonProperty("generation") int generation,
		@JsonProperty("failedSlots") List<Integer> failedSlots, @JsonProperty("workers") List<WorkerDescriptor> workers,
		@JsonProperty("lastReload") @Nullable ReloadDescriptor lastReload) implements OperationResponseBody {

	static ClusterDescriptor of(ClusterSnapshot cluster, Function<ReloadSnapshot, ReloadDescriptor> describe) {
		return new ClusterDescriptor(Text.of(cluster.state()), PrimaryDescriptor.of(cluster.primary()), cluster.port(),
				cluster.target(), cluster.generation(), cluster.failedSlots(),
				cluster.workers().stream().map(WorkerDescriptor::of).toList(),
				(cluster.lastReload() != null) ? describe.apply(cluster.lastReload()) : null);
	}

}
