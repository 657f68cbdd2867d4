package io.clusterboot.actuate;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.clusterboot.WorkerMetrics;

/**
 * How a worker fares, as the endpoint shows it.
 *
 * @param connections open connections
 * @param requests requests answered since it was started
 * @param responses the same by the class of the response's status
 * @param requestsInFlight requests that are being handled
 * @param threads live threads
 * @param openFiles open file descriptors
 * @param heap its heap
 * @param memory the memory of the process, in bytes
 * @param cpu the processor time of the process, in milliseconds
 * @param gc the time that garbage collections have stopped it, in milliseconds
 * @param requestTimes how long requests took
 */
@JsonPropertyOrder({ "connections", "requests", "responses", "requestsInFlight", "threads", "openFiles", "heap",
		"memory", "cpu", "gc", "requestTimes" })
public record MetricsDescriptor(@JsonProperty("connections") int connections, @JsonProperty("requests") long requests,
		@JsonProperty("responses") ResponsesDescriptor responses,
		@JsonProperty("requestsInFlight") int requestsInFlight, @JsonProperty("threads") int threads,
		@JsonProperty("openFiles") long openFiles, @JsonProperty("heap") HeapDescriptor heap,
		@JsonProperty("memory") long memory, @JsonProperty("cpu") long cpu, @JsonProperty("gc") long gc,
		@JsonProperty("requestTimes") RequestTimesDescriptor requestTimes) {

	static MetricsDescriptor of(WorkerMetrics metrics) {
		return new MetricsDescriptor(metrics.connections(), metrics.responses().total(),
				ResponsesDescriptor.of(metrics.responses()), metrics.requestsInFlight(), metrics.threads(),
				metrics.openFiles(), new HeapDescriptor(metrics.heapUsed(), metrics.heapAfterGc()),
				metrics.residentSet(), metrics.cpuTime().toMillis(), metrics.gcTime().toMillis(),
				RequestTimesDescriptor.of(metrics.requestTimes()));
	}

}
