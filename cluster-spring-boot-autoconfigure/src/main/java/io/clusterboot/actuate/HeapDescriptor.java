package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A worker's heap as the endpoint shows it.
 *
 * @param used bytes in use
 * @param afterGc bytes that were in use after the last garbage collection, or 0
 */
@JsonPropertyOrder({ "used", "afterGc" })
public record HeapDescriptor(@JsonProperty("used") long used, @JsonProperty("afterGc") long afterGc) {

}
