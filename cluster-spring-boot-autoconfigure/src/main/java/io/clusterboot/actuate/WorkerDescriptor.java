package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.WorkerSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A worker as the endpoint shows it.
 *
 * @param id counts up from 1 with every fork and is never used twice
 * @param slot its place in the cluster, from 0
 * @param pid its process id
 * @param generation the generation of code and configuration that it runs
 * @param state its state, in lower case
 * @param started when it was forked, in ISO-8601
 * @param ready when it became ready, in ISO-8601, or {@code null}
 * @param restarts how often a worker of its slot was replaced because it died
 * @param connections open connections
 * @param requests requests answered since it was started
 * @param responses the same by the class of the response's status
 */
@JsonInclude
@JsonPropertyOrder({ "id", "slot", "pid", "generation", "state", "started", "ready", "restarts", "connections",
		"requests", "responses" })
public record WorkerDescriptor(@JsonProperty("id") int id, @JsonProperty("slot") int slot,
		@JsonProperty("pid") long pid, @JsonProperty("generation") int generation, @JsonProperty("state") String state,
		@JsonProperty("started") String started, @JsonProperty("ready") @Nullable String ready,
		@JsonProperty("restarts") int restarts, @JsonProperty("connections") int connections,
		@JsonProperty("requests") long requests, @JsonProperty("responses") ResponsesDescriptor responses) {

	static WorkerDescriptor of(WorkerSnapshot worker) {
		return new WorkerDescriptor(worker.id(), worker.slot(), worker.pid(), worker.generation(),
				Text.of(worker.state()), worker.started().toString(), Text.of(worker.ready()), worker.restarts(),
				worker.metrics().connections(), worker.metrics().responses().total(),
				ResponsesDescriptor.of(worker.metrics().responses()));
	}

}
