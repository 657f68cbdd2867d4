package io.clusterboot.actuate;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.clusterboot.IncidentSnapshot;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * All about one end of a worker that nobody wanted, as the endpoint shows it.
 *
 * @param incident what the list says of it
 * @param heartbeat when the worker was last heard, in ISO-8601, or {@code null}
 * @param metrics what it said then, or {@code null}
 * @param threadDump what its threads did, or {@code null}
 * @param output the last lines that it printed
 * @param errorFile what the JVM wrote when it crashed, or {@code null}
 */
@JsonInclude
public record IncidentReportDescriptor(@JsonUnwrapped IncidentsDescriptor.Incident incident, @Nullable String heartbeat,
		@Nullable MetricsDescriptor metrics, @Nullable String threadDump, List<String> output,
		@Nullable String errorFile) implements OperationResponseBody {

	static IncidentReportDescriptor of(IncidentSnapshot incident) {
		return new IncidentReportDescriptor(IncidentsDescriptor.Incident.of(incident), Text.of(incident.heartbeat()),
				(incident.heartbeat() != null) ? MetricsDescriptor.of(incident.metrics()) : null, incident.threadDump(),
				incident.output(), incident.errorFile());
	}

	/**
	 * Leave out what the application may have written, with secrets in it.
	 * @return the rest
	 */
	IncidentReportDescriptor forStrangers() {
		return new IncidentReportDescriptor(this.incident.forStrangers(), this.heartbeat, this.metrics, null, List.of(),
				null);
	}

}
