package io.clusterboot.cache;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EvictionKey}.
 */
class EvictionKeyTests {

	@ParameterizedTest
	@MethodSource("keys")
	void keyIsTheSameOnTheOtherSide(Object key) {
		List<EvictionKey.Part> parts = EvictionKey.partsOf(key);
		assertThat(parts).isNotNull();
		assertThat(EvictionKey.of(parts)).isEqualTo(key).hasSameClassAs(key);
	}

	static Stream<Object> keys() {
		return Stream.of("text", "", 1, 1L, (short) 1, (byte) 1, true, UUID.randomUUID(), SimpleKey.EMPTY,
				new SimpleKey("a", 1L), new SimpleKey("a", null), new SimpleKey("null", "several"));
	}

	@Test
	void keyOfAnotherKindHasNoParts() {
		assertThat(EvictionKey.partsOf(List.of("a"))).isNull();
		assertThat(EvictionKey.partsOf(new SimpleKey("a", new Object()))).isNull();
	}

	@Test
	void partsThatMakeNoKeyAreRefused() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> EvictionKey.of(List.of(new EvictionKey.Part("java.lang.Runtime", "x"))));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> EvictionKey.of(List.of(new EvictionKey.Part("null", ""))));
	}

}
