package io.clusterboot.session;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.KeyDeserializers;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * Keys of maps that do not say of what class their keys are. A number among them would
 * come back as text, and be found no more.
 */
class TypedKeys implements Serializers, KeyDeserializers {

	// What begins with it is JSON, anything else is text
	private static final String MARK = "#";

	private @Nullable ObjectMapper mapper;

	void use(ObjectMapper mapper) {
		this.mapper = mapper;
	}

	private ObjectMapper mapper() {
		ObjectMapper used = this.mapper;
		if (used == null) {
			throw new IllegalStateException("There is no mapper yet");
		}
		return used;
	}

	private static boolean isWellKnown(JavaType type) {
		return type.isEnumType() || (type.isFinal() && type.getRawClass().getName().startsWith("java."));
	}

	@Override
	public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, JsonFormat.Value format) {
		return (!isWellKnown(type)) ? new Serializer() : null;
	}

	@Override
	public @Nullable KeyDeserializer findKeyDeserializer(JavaType type, DeserializationConfig config,
			BeanDescription.Supplier description) {
		return (!isWellKnown(type)) ? new Deserializer() : null;
	}

	private final class Serializer extends StdSerializer<Object> {

		Serializer() {
			super(Object.class);
		}

		@Override
		public void serialize(Object key, JsonGenerator generator, SerializationContext context) {
			boolean isText = key instanceof String text && !text.startsWith(MARK);
			generator
				.writeName((isText) ? (String) key : MARK + mapper().writerFor(Object.class).writeValueAsString(key));
		}

	}

	private final class Deserializer extends KeyDeserializer {

		@Override
		public Object deserializeKey(String key, DeserializationContext context) {
			return (!key.startsWith(MARK)) ? key
					: mapper().readerFor(Object.class).readValue(key.substring(MARK.length()));
		}

	}

}
