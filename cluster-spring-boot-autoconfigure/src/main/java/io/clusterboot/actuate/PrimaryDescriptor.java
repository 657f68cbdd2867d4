package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.PrimarySnapshot;

/**
 * The primary as the endpoint shows it.
 *
 * @param pid its process id
 * @param started when it became the primary, in ISO-8601
 */
@JsonPropertyOrder({ "pid", "started" })
public record PrimaryDescriptor(@JsonProperty("pid") long pid, @JsonProperty("started") String started) {

	static PrimaryDescriptor of(PrimarySnapshot primary) {
		return new PrimaryDescriptor(primary.pid(), primary.started().toString());
	}

}
