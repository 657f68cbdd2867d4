package io.clusterboot.cache;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.clusterboot.cache.SharedCache.Found;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes values of caches and reads them, in whichever worker of whichever generation.
 */
final class SharedValues {

	private static final Log logger = LogFactory.getLog(SharedValues.class);

	private final Supplier<JsonMapper> application;

	private final @Nullable ClassLoader classLoader;

	private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

	private volatile @Nullable JsonMapper mapper;

	/**
	 * Create the values.
	 * @param application the JSON of the application, asked for once
	 * @param classLoader what finds the classes of values
	 */
	SharedValues(Supplier<JsonMapper> application, @Nullable ClassLoader classLoader) {
		this.application = application;
		this.classLoader = classLoader;
	}

	/**
	 * Write a value.
	 * @param cache the name of the cache
	 * @param key its key there
	 * @param value the value
	 * @return its JSON
	 * @throws IllegalArgumentException if it has no form in JSON
	 */
	byte[] write(String cache, Object key, @Nullable Object value) {
		try {
			return mapper().writerFor(Object.class).writeValueAsBytes(value);
		}
		catch (RuntimeException ex) {
			throw new IllegalArgumentException("The shared cache '%s' cannot keep a %s under the key %s: %s"
				.formatted(cache, (value != null) ? value.getClass().getName() : null, key, reason(ex)), ex);
		}
	}

	/**
	 * Read a value.
	 * @param cache the name of the cache
	 * @param written its JSON
	 * @return the value, or {@code null} if it cannot be read
	 */
	@Nullable Found read(String cache, byte[] written) {
		try {
			return new Found(mapper().readerFor(Object.class).readValue(written));
		}
		catch (RuntimeException | LinkageError ex) {
			String type = typeOf(written);
			if (this.unreadable.add(cache + ' ' + type)) {
				logger
					.warn(("Values of the class %s in the shared cache '%s' cannot be read and are computed anew: %s. "
							+ "Those of another version of the application are replaced now; if these are of this one, "
							+ "JSON cannot make objects of the class")
						.formatted(type, cache, reason(ex)));
			}
			return null;
		}
	}

	private JsonMapper mapper() {
		JsonMapper known = this.mapper;
		if (known == null) {
			known = TypedJson.of(this.application.get(), this.classLoader);
			this.mapper = known;
		}
		return known;
	}

	private static String reason(Throwable ex) {
		return (ex instanceof JacksonException json) ? json.getOriginalMessage() : ex.toString();
	}

	// It comes first where it is named at all
	private static String typeOf(byte[] written) {
		String[] texts = new String(written, 0, Math.min(written.length, 1000), StandardCharsets.UTF_8).split("\"", 3);
		return (texts.length > 1 && texts[0].equals("[")) ? texts[1] : "java.lang.Object";
	}

}
