package io.clusterboot.cache;

import java.util.Objects;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleKeyDeserializers;
import tools.jackson.databind.module.SimpleSerializers;

/**
 * Keys of maps of which nobody declares what they are. JSON knows texts only, so those of
 * anything else have the typed JSON of the key behind a mark.
 */
final class AnyKeys {

	private static final String MARK = "\u0001";

	private @Nullable JsonMapper mapper;

	void use(JsonMapper mapper) {
		this.mapper = mapper;
	}

	private JsonMapper mapper() {
		return Objects.requireNonNull(this.mapper);
	}

	SimpleSerializers writers() {
		return new SimpleSerializers() {

			@Override
			public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
					BeanDescription.Supplier description, JsonFormat.Value format) {
				return (type.isJavaLangObject()) ? new Writer() : null;
			}

		};
	}

	SimpleKeyDeserializers readers() {
		return new SimpleKeyDeserializers() {

			@Override
			public @Nullable KeyDeserializer findKeyDeserializer(JavaType type, DeserializationConfig config,
					BeanDescription.Supplier description) {
				return (type.isJavaLangObject()) ? new Reader() : null;
			}

		};
	}

	private final class Writer extends ValueSerializer<Object> {

		@Override
		public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
			boolean plain = key instanceof String text && !text.startsWith(MARK);
			generator
				.writeName((plain) ? (String) key : MARK + mapper().writerFor(Object.class).writeValueAsString(key));
		}

	}

	private final class Reader extends KeyDeserializer {

		@Override
		public @Nullable Object deserializeKey(String key, DeserializationContext context) {
			return (key.startsWith(MARK)) ? mapper().readerFor(Object.class).readValue(key.substring(MARK.length()))
					: key;
		}

	}

}
