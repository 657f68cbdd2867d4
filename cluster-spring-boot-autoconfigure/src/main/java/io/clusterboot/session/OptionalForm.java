package io.clusterboot.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * What may be there, and that it may not. Jackson writes it as if it were there.
 */
@SuppressWarnings("rawtypes")
class OptionalForm extends PlainForm<Optional> {

	OptionalForm() {
		super(Optional.class);
	}

	@Override
	HashMap<String, @Nullable Object> toPlain(Optional value) {
		HashMap<String, @Nullable Object> plain = new HashMap<>();
		plain.put("value", (value.isPresent()) ? value.get() : null);
		return plain;
	}

	@Override
	Optional fromPlain(Class<? extends Optional> type, Map<String, @Nullable Object> plain) {
		return Optional.ofNullable(plain.get("value"));
	}

}
