package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.IncidentSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * An end of a worker that nobody wanted, as the endpoint lists it.
 *
 * @param id counts up from 1
 * @param time when it was noticed, in ISO-8601
 * @param cause the kind of cause, in lower case
 * @param detail the cause in words
 * @param worker the worker's id
 * @param slot the worker's slot, or {@code null} for a spare
 * @param pid the worker's process id
 * @param generation the generation that it ran
 * @param exited when its process was gone, in ISO-8601, or {@code null}
 * @param exit how its process ended, or {@code null}
 */
@JsonInclude
@JsonPropertyOrder({ "id", "time", "cause", "detail", "worker", "slot", "pid", "generation", "exited", "exit" })
public record IncidentDescriptor(@JsonProperty("id") int id, @JsonProperty("time") String time,
		@JsonProperty("cause") String cause, @JsonProperty("detail") String detail, @JsonProperty("worker") int worker,
		@JsonProperty("slot") @Nullable Integer slot, @JsonProperty("pid") long pid,
		@JsonProperty("generation") int generation, @JsonProperty("exited") @Nullable String exited,
		@JsonProperty("exit") @Nullable String exit) {

	static IncidentDescriptor of(IncidentSnapshot incident) {
		return new IncidentDescriptor(incident.id(), incident.time().toString(), Text.of(incident.cause()),
				incident.detail(), incident.worker(), Text.ofSlot(incident.slot()), incident.pid(),
				incident.generation(), Text.of(incident.exited()), incident.exit());
	}

	/**
	 * Leave out what the application may have written, with secrets in it.
	 * @return the rest
	 */
	IncidentDescriptor forStrangers() {
		return new IncidentDescriptor(this.id, this.time, this.cause, Text.WITHHELD, this.worker, this.slot, this.pid,
				this.generation, this.exited, this.exit);
	}

}
