package io.clusterboot.cli;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * Writes records as JSON: times in ISO-8601, durations in milliseconds, constants in
 * lower case. A library for that would take longer to load than the command takes.
 */
final class Json {

	private Json() {
	}

	static String of(@Nullable Object value) {
		if (value == null) {
			return "null";
		}
		if (value instanceof Number || value instanceof Boolean) {
			return value.toString();
		}
		if (value instanceof Duration duration) {
			return String.valueOf(duration.toMillis());
		}
		if (value instanceof Enum<?> constant) {
			return quote(Text.of(constant));
		}
		if (value instanceof Collection<?> values) {
			return values.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
		}
		if (value instanceof Map<?, ?> map) {
			return map.entrySet()
				.stream()
				.map((entry) -> quote(String.valueOf(entry.getKey())) + ":" + of(entry.getValue()))
				.collect(Collectors.joining(",", "{", "}"));
		}
		return (value instanceof Record found) ? ofRecord(found) : quote(value.toString());
	}

	private static String ofRecord(Record value) {
		StringBuilder json = new StringBuilder("{");
		for (RecordComponent component : value.getClass().getRecordComponents()) {
			try {
				component.getAccessor().setAccessible(true);
				json.append((json.length() > 1) ? "," : "")
					.append(quote(component.getName()))
					.append(':')
					.append(of(component.getAccessor().invoke(value)));
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}
		return json.append('}').toString();
	}

	private static String quote(String text) {
		StringBuilder quoted = new StringBuilder("\"");
		for (char character : text.toCharArray()) {
			if (character == '"' || character == '\\') {
				quoted.append('\\').append(character);
			}
			else if (character < ' ' || character > '~') {
				quoted.append("\\u%04x".formatted((int) character));
			}
			else {
				quoted.append(character);
			}
		}
		return quoted.append('"').toString();
	}

	/**
	 * What the command prints with {@code --json}, whatever it is asked.
	 *
	 * @param schema changes when a name is taken away or means something else
	 * @param result what was asked for
	 */
	record Document(int schema, Object result) {

		static final int SCHEMA = 1;

		static Document of(Object result) {
			return new Document(SCHEMA, result);
		}

	}

}
