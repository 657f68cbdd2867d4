package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Says in an answer's body why there is no other.
 *
 * @param reason what went wrong and what to do about it
 */
public record ReasonDescriptor(@JsonProperty("reason") String reason) implements OperationResponseBody {

}
