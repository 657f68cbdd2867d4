package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.CanarySnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The worker of a reload that goes first, as the endpoint shows it.
 *
 * @param worker the id of the worker
 * @param until when the comparison ends if nothing happens before, in ISO-8601
 * @param requests how many requests the worker has answered
 * @param serverErrors how many of them with a server error
 * @param othersRequests how many requests the workers that it is compared with have
 * answered
 * @param othersServerErrors how many of them with a server error
 */
@JsonInclude
@JsonPropertyOrder({ "worker", "until", "requests", "serverErrors", "othersRequests", "othersServerErrors" })
public record CanaryDescriptor(@JsonProperty("worker") int worker, @JsonProperty("until") String until,
		@JsonProperty("requests") long requests, @JsonProperty("serverErrors") long serverErrors,
		@JsonProperty("othersRequests") long othersRequests,
		@JsonProperty("othersServerErrors") long othersServerErrors) {

	static @Nullable CanaryDescriptor of(@Nullable CanarySnapshot canary) {
		return (canary != null)
				? new CanaryDescriptor(canary.worker(), canary.until().toString(), canary.responses().total(),
						canary.responses().serverErrors(), canary.others().total(), canary.others().serverErrors())
				: null;
	}

}
