package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.ReloadStepSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What a reload did to one slot, as the endpoint shows it.
 *
 * @param slot the slot
 * @param generation the generation of the new worker
 * @param worker the id of the new worker
 * @param forked when the new worker was forked, in ISO-8601
 * @param ready when it took the slot over, in ISO-8601, or {@code null}
 * @param replaced the id of the worker that had the slot before, or {@code null}
 * @param drained when that worker was gone, in ISO-8601, or {@code null}
 */
@JsonInclude
@JsonPropertyOrder({ "slot", "generation", "worker", "forked", "ready", "replaced", "drained" })
public record ReloadStepDescriptor(@JsonProperty("slot") int slot, @JsonProperty("generation") int generation,
		@JsonProperty("worker") int worker, @JsonProperty("forked") String forked,
		@JsonProperty("ready") @Nullable String ready, @JsonProperty("replaced") @Nullable Integer replaced,
		@JsonProperty("drained") @Nullable String drained) {

	static ReloadStepDescriptor of(ReloadStepSnapshot step) {
		return new ReloadStepDescriptor(step.slot(), step.generation(), step.worker(), step.forked().toString(),
				Text.of(step.ready()), step.replaced(), Text.of(step.drained()));
	}

}
