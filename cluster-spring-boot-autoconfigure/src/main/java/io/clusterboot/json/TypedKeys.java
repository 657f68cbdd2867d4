package io.clusterboot.json;

import java.util.Objects;
import java.util.function.Predicate;

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
 * Keys of maps that do not say of what class their keys are. JSON knows texts only: a
 * number among them would come back as text, and be found no more.
 */
public final class TypedKeys implements Serializers, KeyDeserializers {

	// What begins with it is JSON, anything else is text
	private static final String MARK = "#";

	private final Predicate<JavaType> untold;

	private @Nullable ObjectMapper mapper;

	/**
	 * Create the keys.
	 * @param untold whether a declared type does not say of what class keys are
	 */
	public TypedKeys(Predicate<JavaType> untold) {
		this.untold = untold;
	}

	/**
	 * Set what writes and reads keys that are no texts.
	 * @param mapper names the classes of values
	 */
	public void use(ObjectMapper mapper) {
		this.mapper = mapper;
	}

	private ObjectMapper mapper() {
		return Objects.requireNonNull(this.mapper);
	}

	@Override
	public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
			BeanDescription.Supplier description, JsonFormat.Value format) {
		return (this.untold.test(type)) ? new Serializer() : null;
	}

	@Override
	public @Nullable KeyDeserializer findKeyDeserializer(JavaType type, DeserializationConfig config,
			BeanDescription.Supplier description) {
		return (this.untold.test(type)) ? new Deserializer() : null;
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
