package io.clusterboot.cache;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import org.junit.jupiter.api.Test;

import org.springframework.cache.interceptor.SimpleKey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link StoredKey}.
 */
class StoredKeyTests {

	@Test
	void noTwoKeysAreOne() {
		List<Object> keys = List.of("", "1", 1, 1L, true, "true", "null", "String 1 1", "c", "b String 1 c",
				SimpleKey.EMPTY, new SimpleKey("1"), new SimpleKey("1", "2"), new SimpleKey("1 String 1 2"),
				new SimpleKey("1", null), new SimpleKey("1", "null"), new SimpleKey(1, "2"),
				UUID.fromString("c0ffee00-0000-0000-0000-000000000000"));
		Set<String> places = new HashSet<>();
		for (String cache : List.of("a", "a 1", "a String 1 1", "a String 12 b")) {
			keys.forEach((key) -> places.add(StoredKey.of(cache, key).text()));
		}
		assertThat(places).hasSize(4 * keys.size());
		assertThat(StoredKey.of("a", new SimpleKey("1", 2))).isEqualTo(StoredKey.of("a", new SimpleKey("1", 2)));
	}

	@Test
	void longKeyHasOnePlaceThatTheStoreTakes() {
		String text = "ä".repeat(10_000);
		String place = StoredKey.of("ö".repeat(100), text).text();
		assertThat(place.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(500);
		assertThat(place).isEqualTo(StoredKey.of("ö".repeat(100), text).text())
			.isNotEqualTo(StoredKey.of("ö".repeat(100), text + "ä").text())
			.isNotEqualTo(StoredKey.of("o".repeat(100), text).text());
	}

	@Test
	void lockHasANameThatTheClusterTakes() {
		assertThat(StoredKey.of("a", "b".repeat(1000)).lock()).hasSizeLessThanOrEqualTo(100)
			.isNotEqualTo(StoredKey.of("b", "b".repeat(1000)).lock());
	}

	@Test
	void keyThatHasNoTextOfItsOwnIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> StoredKey.of("prices", new BigDecimal("1.50")))
			.withMessageStartingWith("A key of the shared cache 'prices' cannot be a java.math.BigDecimal. ");
		assertThatIllegalArgumentException().isThrownBy(() -> StoredKey.of("prices", new SimpleKey("a", 1.5)))
			.withMessageContaining("cannot be a org.springframework.cache.interceptor.SimpleKey of anything else. ");
	}

}
