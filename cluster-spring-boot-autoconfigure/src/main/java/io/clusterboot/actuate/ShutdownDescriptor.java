package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What an accepted shutdown leads to.
 *
 * @param state the state that the cluster is going into
 */
public record ShutdownDescriptor(@JsonProperty("state") String state) implements OperationResponseBody {

}
