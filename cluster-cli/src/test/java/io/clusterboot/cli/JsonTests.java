package io.clusterboot.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Json}.
 */
class JsonTests {

	@Test
	void recordsAreObjectsThatAnyReaderUnderstands() {
		String text = "quote \" backslash \\ newline \n tab \t escape \u001b euro \u20ac face \ud83d\ude00";
		Sample sample = new Sample(7, 0.5, true, null, text, Kind.ROLLED_BACK, Instant.parse("2026-11-20T10:00:00Z"),
				Duration.ofMillis(1500), List.of(1, 2), Map.of("key", List.of()));
		JsonNode json = new JsonMapper().readTree(Json.of(Json.Document.of(sample)));
		assertThat(json.get("schema").asInt()).isEqualTo(1);
		JsonNode result = json.get("result");
		assertThat(result.get("number").asLong()).isEqualTo(7);
		assertThat(result.get("share").asDouble()).isEqualTo(0.5);
		assertThat(result.get("flag").asBoolean()).isTrue();
		assertThat(result.get("missing").isNull()).isTrue();
		assertThat(result.get("text").asString()).isEqualTo(text);
		assertThat(result.get("kind").asString()).isEqualTo("rolled-back");
		assertThat(result.get("time").asString()).isEqualTo("2026-11-20T10:00:00Z");
		assertThat(result.get("took").asInt()).isEqualTo(1500);
		assertThat(result.get("list")).hasSize(2);
		assertThat(result.get("map").get("key")).isEmpty();
	}

	private enum Kind {

		ROLLED_BACK

	}

	private record Sample(long number, double share, boolean flag, @Nullable Object missing, String text, Kind kind,
			Instant time, Duration took, List<Integer> list, Map<String, List<Integer>> map) {

	}

}
