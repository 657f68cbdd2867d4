package io.clusterboot.contract;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link WarmUpRequest}.
 */
class WarmUpRequestTests {

	@Test
	void parseWhenThereIsOnlyAPathTakesGet() {
		assertThat(WarmUpRequest.parse("/owners?lastName=")).hasToString("GET /owners?lastName=");
	}

	@Test
	void parseTakesTheMethod() {
		assertThat(WarmUpRequest.parse("HEAD /")).isEqualTo(new WarmUpRequest("HEAD", "/"));
		assertThat(WarmUpRequest.parse("GET  /a%20b")).isEqualTo(new WarmUpRequest("GET", "/a%20b"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "owners", "POST /owners", "get /", "GET owners", "GET", "/a b", "/a\r\nX: y", "/ü",
			"/a#b", "http://localhost/" })
	void parseRefusesWhatCouldChangeSomethingOrIsNoPath(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> WarmUpRequest.parse(text)).withMessageContaining(text);
	}

}
