package io.clusterboot.actuate;

import java.time.Instant;
import java.util.Locale;

import io.clusterboot.contract.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Values as the endpoint writes them.
 */
final class Text {

	/**
	 * What strangers get in place of a text that may hold secrets.
	 */
	static final String WITHHELD = "(shown to those who may reload)";

	private Text() {
	}

	static String of(Enum<?> value) {
		return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static @Nullable Integer ofSlot(int slot) {
		return (slot != WorkerIdentity.NO_SLOT) ? slot : null;
	}

	static @Nullable String of(@Nullable Instant instant) {
		return (instant != null) ? instant.toString() : null;
	}

}
