package io.clusterboot.session;

import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.servlet.FlashMap;

/**
 * Flash attributes of Spring MVC: a map, and which request they are for.
 */
class FlashMapForm extends PlainForm<FlashMap> {

	FlashMapForm() {
		super(FlashMap.class);
	}

	@Override
	HashMap<String, @Nullable Object> toPlain(FlashMap value) {
		HashMap<String, @Nullable Object> plain = new HashMap<>();
		plain.put("attributes", new HashMap<>(value));
		plain.put("path", value.getTargetRequestPath());
		plain.put("parameters", new LinkedMultiValueMap<>(value.getTargetRequestParams()));
		plain.put("expires", value.getExpirationTime());
		return plain;
	}

	@Override
	@SuppressWarnings("unchecked")
	FlashMap fromPlain(Class<? extends FlashMap> type, Map<String, @Nullable Object> plain) {
		FlashMap value = new FlashMap();
		value.putAll((Map<String, Object>) plain.getOrDefault("attributes", Map.of()));
		value.setTargetRequestPath((String) plain.get("path"));
		value.addTargetRequestParams((MultiValueMap<String, String>) plain.get("parameters"));
		value.setExpirationTime((long) plain.get("expires"));
		return value;
	}

}
