package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonProperty;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What an accepted scaling leads to.
 *
 * @param target how many workers there will be
 */
public record ScaleDescriptor(@JsonProperty("target") int target) implements OperationResponseBody {

}
