package io.clusterboot.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.clusterboot.IncidentSnapshot;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * The incidents that the primary remembers, as the endpoint shows them.
 *
 * @param incidents the incidents in the order of their ids
 */
public record IncidentsDescriptor(
		@JsonProperty("incidents") List<IncidentDescriptor> incidents) implements OperationResponseBody {

	static IncidentsDescriptor of(List<IncidentSnapshot> incidents, boolean trusted) {
		return new IncidentsDescriptor(incidents.stream()
			.map(IncidentDescriptor::of)
			.map((incident) -> (trusted) ? incident : incident.forStrangers())
			.toList());
	}

}
