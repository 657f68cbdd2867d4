package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.ResponseCounts;

/**
 * How many responses there were, by the class of their status, as the endpoint shows it.
 *
 * @param informational 1xx
 * @param successful 2xx
 * @param redirections 3xx
 * @param clientErrors 4xx
 * @param serverErrors 5xx
 */
@JsonInclude
@JsonPropertyOrder({ "1xx", "2xx", "3xx", "4xx", "5xx" })
public record ResponsesDescriptor(@JsonProperty("1xx") long informational, @JsonProperty("2xx") long successful,
		@JsonProperty("3xx") long redirections, @JsonProperty("4xx") long clientErrors,
		@JsonProperty("5xx") long serverErrors) {

	static ResponsesDescriptor of(ResponseCounts responses) {
		return new ResponsesDescriptor(responses.informational(), responses.successful(), responses.redirections(),
				responses.clientErrors(), responses.serverErrors());
	}

}
