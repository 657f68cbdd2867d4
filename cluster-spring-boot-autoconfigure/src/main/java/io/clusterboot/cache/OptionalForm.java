package io.clusterboot.cache;

import java.util.Optional;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * An {@link Optional} that can be told from what is in it.
 */
final class OptionalForm {

	private OptionalForm() {
	}

	/**
	 * What was in it, as a value of any class.
	 *
	 * @param value the value, or {@code null} if it was empty
	 */
	record Content(@Nullable Object value) {

	}

	/**
	 * Writes it.
	 */
	static final class Writer extends ValueSerializer<Optional<?>> {

		@Override
		public void serialize(Optional<?> value, JsonGenerator generator, SerializationContext context) {
			context.findValueSerializer(Content.class).serialize(new Content(value.orElse(null)), generator, context);
		}

	}

	/**
	 * Reads it.
	 */
	@SuppressWarnings("rawtypes")
	static final class Reader extends StdDeserializer<Optional> {

		Reader() {
			super(Optional.class);
		}

		@Override
		public Optional deserialize(JsonParser parser, DeserializationContext context) {
			return Optional.ofNullable(context.readValue(parser, Content.class).value());
		}

	}

}
