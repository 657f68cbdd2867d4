package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.clusterboot.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

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
 * @param metrics how it fares
 */
@JsonInclude
@JsonPropertyOrder({ "id", "slot", "pid", "generation", "state", "started", "ready", "restarts", "metrics" })
public record WorkerDescriptor(@JsonProperty("id") int id, @JsonProperty("slot") @Nullable Integer slot,
		@JsonProperty("pid") long pid, @JsonProperty("generation") int generation, @JsonProperty("state") String state,
		@JsonProperty("started") String started, @JsonProperty("ready") @Nullable String ready,
		@JsonProperty("restarts") int restarts, @JsonProperty("metrics") @JsonUnwrapped MetricsDescriptor metrics) {

	static WorkerDescriptor of(WorkerSnapshot worker) {
		return new WorkerDescriptor(worker.id(), Text.ofSlot(worker.slot()), worker.pid(), worker.generation(),
				Text.of(worker.state()), worker.started().toString(), Text.of(worker.ready()), worker.restarts(),
				MetricsDescriptor.of(worker.metrics()));
	}

}
