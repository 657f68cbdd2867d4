package io.clusterboot.actuate;

import java.time.Instant;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * Values as the endpoint writes them.
 */
final class Text {

	private Text() {
	}

	static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static @Nullable String of(@Nullable Instant instant) {
		return (instant != null) ? instant.toString() : null;
	}

}
