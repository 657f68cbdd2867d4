package io.clusterboot.it;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An end of a worker as {@code GET /actuator/cluster/incidents} tells it. What is long is
 * told of a single incident only.
 */
record Incident(int id, Instant time, String cause, String detail, int worker, @Nullable Integer slot, long pid,
		int generation, @Nullable Instant exited, @Nullable String exit, @Nullable Object heartbeat,
		@Nullable Object metrics, @Nullable String threadDump, @Nullable List<String> output,
		@Nullable String errorFile) {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	static Incident parse(String json) {
		return MAPPER.readValue(json, Incident.class);
	}

	static List<Incident> parseAll(String json) {
		return MAPPER.readValue(json, All.class).incidents();
	}

	/**
	 * The list.
	 */
	private record All(List<Incident> incidents) {

	}

}
