package io.clusterboot.cache;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonToken;
import tools.jackson.core.type.WritableTypeId;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.BeanProperty;
import tools.jackson.databind.SerializationConfig;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.jsontype.TypeSerializer;
import tools.jackson.databind.ser.ValueSerializerModifier;

import org.springframework.util.ClassUtils;

/**
 * What a serializer writes that knows nothing of types, as those of applications do, with
 * the type around it.
 */
final class TypeAround extends ValueSerializer<Object> {

	private final ValueSerializer<Object> serializer;

	@SuppressWarnings("unchecked")
	TypeAround(ValueSerializer<?> serializer) {
		this.serializer = (ValueSerializer<Object>) serializer;
	}

	static ValueSerializerModifier modifier() {
		return new ValueSerializerModifier() {

			@Override
			public ValueSerializer<?> modifySerializer(SerializationConfig config, BeanDescription.Supplier description,
					ValueSerializer<?> serializer) {
				return of(serializer);
			}

		};
	}

	private static ValueSerializer<?> of(ValueSerializer<?> serializer) {
		boolean knowsTypes = ClassUtils
			.getMethod(serializer.getClass(), "serializeWithType", Object.class, JsonGenerator.class,
					SerializationContext.class, TypeSerializer.class)
			.getDeclaringClass() != ValueSerializer.class;
		return (knowsTypes) ? serializer : new TypeAround(serializer);
	}

	@Override
	public void serialize(Object value, JsonGenerator generator, SerializationContext context) {
		this.serializer.serialize(value, generator, context);
	}

	@Override
	public void serializeWithType(Object value, JsonGenerator generator, SerializationContext context,
			TypeSerializer types) {
		// As of a scalar, which leaves the rest to whoever writes it
		WritableTypeId type = types.typeId(value, JsonToken.VALUE_STRING);
		types.writeTypePrefix(generator, context, type);
		serialize(value, generator, context);
		types.writeTypeSuffix(generator, context, type);
	}

	@Override
	public void resolve(SerializationContext context) {
		this.serializer.resolve(context);
	}

	@Override
	public ValueSerializer<?> createContextual(SerializationContext context, @Nullable BeanProperty property) {
		ValueSerializer<?> contextual = this.serializer.createContextual(context, property);
		return (contextual != this.serializer) ? of(contextual) : this;
	}

	@Override
	public boolean isEmpty(SerializationContext context, Object value) {
		return this.serializer.isEmpty(context, value);
	}

	@Override
	public Class<?> handledType() {
		return this.serializer.handledType();
	}

}
