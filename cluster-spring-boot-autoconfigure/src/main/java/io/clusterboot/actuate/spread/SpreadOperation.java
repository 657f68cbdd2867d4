package io.clusterboot.actuate.spread;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * An operation of an endpoint that all workers are to do.
 *
 * @param endpoint the id of the endpoint
 * @param type what kind of operation it is
 * @param parameters the names of all its parameters, which tell it from others
 * @param arguments what is known of them
 */
record SpreadOperation(String endpoint, String type, List<String> parameters, Map<String, Object> arguments) {

	static final String LOGGERS = "loggers";

	private static final String NAME = "name";

	/**
	 * Return the same with arguments.
	 * @param given what a caller has given, which may be more than what is asked for
	 * @return the operation
	 */
	SpreadOperation with(Map<String, Object> given) {
		Map<String, Object> known = new HashMap<>();
		this.parameters.forEach((name) -> {
			Object value = given.get(name);
			if (value != null) {
				known.put(name, value);
			}
		});
		return new SpreadOperation(this.endpoint, this.type, this.parameters, known);
	}

	/**
	 * Return which operation it is, whatever its arguments.
	 * @return the key
	 */
	SpreadOperation key() {
		return new SpreadOperation(this.endpoint, this.type, this.parameters, Map.of());
	}

	/**
	 * Return what it is the last word on, for workers that start later: their caches are
	 * empty, but they have not heard of levels.
	 * @return a topic that is short however long the name is, or {@code null}
	 */
	@Nullable String topic() {
		Object name = (this.endpoint.equals(LOGGERS)) ? this.arguments.get(NAME) : null;
		return (name != null)
				? "cluster:loggers:" + UUID.nameUUIDFromBytes(name.toString().getBytes(StandardCharsets.UTF_8)) : null;
	}

}
