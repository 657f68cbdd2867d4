package io.clusterboot.session;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.KeyDeserializer;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.Deserializers;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.jsontype.TypeDeserializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.Serializers;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.databind.type.MapType;
import tools.jackson.databind.type.ReferenceType;

/**
 * Classes of which neither fields nor elements say everything, and what does.
 *
 * @param <T> the class that they extend
 */
abstract class PlainForm<T> {

	private final Class<T> type;

	PlainForm(Class<T> type) {
		this.type = type;
	}

	abstract HashMap<String, @Nullable Object> toPlain(T value);

	/**
	 * Return what a plain form is of.
	 * @param type its class
	 * @param plain its plain form
	 * @return a value of this class
	 * @throws Exception if none can be made
	 */
	abstract T fromPlain(Class<? extends T> type, Map<String, @Nullable Object> plain) throws Exception;

	private boolean isOf(Class<?> type) {
		return this.type.isAssignableFrom(type);
	}

	private ValueDeserializer<?> deserializer(Class<?> type) {
		return new Deserializer(type.asSubclass(this.type));
	}

	private final class Serializer extends StdSerializer<T> {

		Serializer(Class<?> type) {
			super(type);
		}

		@Override
		public void serialize(T value, JsonGenerator generator, SerializationContext context) {
			HashMap<String, @Nullable Object> plain = toPlain(value);
			context.findTypedValueSerializer(HashMap.class, true).serialize(plain, generator, context);
		}

		@Override
		public void serializeWithType(T value, JsonGenerator generator, SerializationContext context,
				TypeSerializer typeSerializer) {
			WritableTypeId id = typeSerializer.writeTypePrefix(generator, context,
					typeSerializer.typeId(value, JsonToken.VALUE_EMBEDDED_OBJECT));
			serialize(value, generator, context);
			typeSerializer.writeTypeSuffix(generator, context, id);
		}

	}

	private final class Deserializer extends StdDeserializer<T> {

		private final Class<? extends T> type;

		Deserializer(Class<? extends T> type) {
			super(type);
			this.type = type;
		}

		@Override
		@SuppressWarnings("unchecked")
		public T deserialize(JsonParser parser, DeserializationContext context) {
			Map<String, @Nullable Object> plain = (Map<String, @Nullable Object>) context.readValue(parser,
					Object.class);
			try {
				return fromPlain(this.type, plain);
			}
			catch (Exception ex) {
				throw new IllegalStateException("No %s can be made".formatted(this.type.getName()), ex);
			}
		}

	}

	/**
	 * Writes what has a plain form.
	 *
	 * @param forms the plain forms
	 */
	record Writing(List<PlainForm<?>> forms) implements Serializers {

		@Override
		public @Nullable ValueSerializer<?> findSerializer(SerializationConfig config, JavaType type,
				BeanDescription.Supplier description, JsonFormat.Value format) {
			return find(type);
		}

		@Override
		public @Nullable ValueSerializer<?> findMapSerializer(SerializationConfig config, MapType type,
				BeanDescription.Supplier description, JsonFormat.Value format, ValueSerializer<Object> keySerializer,
				TypeSerializer typeSerializer, ValueSerializer<Object> valueSerializer) {
			return find(type);
		}

		// Jackson would write what it refers to in its place
		@Override
		public ValueSerializer<?> findReferenceSerializer(SerializationConfig config, ReferenceType type,
				BeanDescription.Supplier description, JsonFormat.Value format, TypeSerializer typeSerializer,
				ValueSerializer<Object> serializer) {
			ValueSerializer<?> found = find(type);
			if (found == null) {
				throw new IllegalArgumentException("JSON has no room for a " + type.getRawClass().getName());
			}
			return found;
		}

		private @Nullable ValueSerializer<?> find(JavaType type) {
			for (PlainForm<?> form : this.forms) {
				if (form.isOf(type.getRawClass())) {
					return form.new Serializer(type.getRawClass());
				}
			}
			return null;
		}

	}

	/**
	 * Reads what has a plain form.
	 *
	 * @param forms the plain forms
	 */
	record Reading(List<PlainForm<?>> forms) implements Deserializers {

		@Override
		public @Nullable ValueDeserializer<?> findBeanDeserializer(JavaType type, DeserializationConfig config,
				BeanDescription.Supplier description) {
			return find(type);
		}

		@Override
		public @Nullable ValueDeserializer<?> findMapDeserializer(MapType type, DeserializationConfig config,
				BeanDescription.Supplier description, KeyDeserializer keyDeserializer,
				TypeDeserializer typeDeserializer, ValueDeserializer<?> valueDeserializer) {
			return find(type);
		}

		@Override
		public @Nullable ValueDeserializer<?> findReferenceDeserializer(ReferenceType type,
				DeserializationConfig config, BeanDescription.Supplier description, TypeDeserializer typeDeserializer,
				ValueDeserializer<?> deserializer) {
			return find(type);
		}

		@Override
		public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
			return this.forms.stream().anyMatch((form) -> form.isOf(type));
		}

		private @Nullable ValueDeserializer<?> find(JavaType type) {
			for (PlainForm<?> form : this.forms) {
				if (form.isOf(type.getRawClass())) {
					return form.deserializer(type.getRawClass());
				}
			}
			return null;
		}

	}

}
