package io.clusterboot.cache;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.cache.interceptor.SimpleKey;
import org.springframework.util.ReflectionUtils;

/**
 * Keys of caches that other workers can be told: texts, numbers, and what
 * {@code @Cacheable} makes of several of them.
 */
final class EvictionKey {

	private static final String SEVERAL = "several";

	private static final String NULL = "null";

	private static final Map<Class<?>, Function<String, Object>> TYPES = Map.of(String.class, (text) -> text,
			Integer.class, Integer::valueOf, Long.class, Long::valueOf, Short.class, Short::valueOf, Byte.class,
			Byte::valueOf, Boolean.class, Boolean::valueOf, UUID.class, UUID::fromString);

	private static final Map<String, Function<String, Object>> READERS = readers();

	private static final Field PARAMETERS = parameters();

	private EvictionKey() {
	}

	/**
	 * Take a key apart.
	 * @param key the key
	 * @return its parts, or {@code null} if it is of another kind
	 */
	static @Nullable List<Part> partsOf(Object key) {
		if (!(key instanceof SimpleKey)) {
			Part part = partOf(key);
			return (part != null) ? List.of(part) : null;
		}
		List<Part> parts = new ArrayList<>();
		parts.add(new Part(SEVERAL, ""));
		for (Object parameter : (@Nullable Object[]) ReflectionUtils.getField(PARAMETERS, key)) {
			Part part = partOf(parameter);
			if (part == null) {
				return null;
			}
			parts.add(part);
		}
		return parts;
	}

	/**
	 * Say a key as a text that no other key has.
	 * @param key the key
	 * @return the text, or {@code null} if it is of another kind
	 */
	static @Nullable String textOf(Object key) {
		List<Part> parts = partsOf(key);
		return (parts != null) ? parts.stream().map(Part::sized).collect(Collectors.joining(" ")) : null;
	}

	private static @Nullable Part partOf(@Nullable Object value) {
		if (value == null) {
			return new Part(NULL, "");
		}
		return (TYPES.containsKey(value.getClass())) ? new Part(value.getClass().getSimpleName(), value.toString())
				: null;
	}

	/**
	 * Put a key together.
	 * @param parts its parts
	 * @return the key
	 * @throws IllegalArgumentException if they make none
	 */
	static Object of(List<Part> parts) {
		if (parts.get(0).type().equals(SEVERAL)) {
			return new SimpleKey(parts.stream().skip(1).map(EvictionKey::valueOf).toArray());
		}
		Object value = valueOf(parts.get(0));
		if (value == null) {
			throw new IllegalArgumentException("A key is missing");
		}
		return value;
	}

	private static @Nullable Object valueOf(Part part) {
		if (part.type().equals(NULL)) {
			return null;
		}
		Function<String, Object> reader = READERS.get(part.type());
		if (reader == null) {
			throw new IllegalArgumentException("A key cannot be a " + part.type());
		}
		return reader.apply(part.text());
	}

	private static Map<String, Function<String, Object>> readers() {
		Map<String, Function<String, Object>> readers = new HashMap<>();
		TYPES.forEach((type, reader) -> readers.put(type.getSimpleName(), reader));
		return Map.copyOf(readers);
	}

	private static Field parameters() {
		Field field = Arrays.stream(SimpleKey.class.getDeclaredFields())
			.filter((candidate) -> candidate.getType() == Object[].class)
			.findFirst()
			.orElseThrow();
		ReflectionUtils.makeAccessible(field);
		return field;
	}

	/**
	 * A part of a key.
	 *
	 * @param type what it is
	 * @param text its value
	 */
	record Part(String type, String text) {

		private String sized() {
			return this.type + ' ' + this.text.length() + ' ' + this.text;
		}

	}

}
