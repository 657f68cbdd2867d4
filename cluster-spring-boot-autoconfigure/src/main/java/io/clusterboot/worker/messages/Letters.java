package io.clusterboot.worker.messages;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;

import io.clusterboot.channel.Letter;
import io.clusterboot.message.MessageName;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.unit.DataSize;

/**
 * Makes letters of things and things of letters, in JSON.
 */
final class Letters {

	private static final List<Class<?>> GENERAL = List.of(List.class, Set.class, Map.class);

	static final DataSize LARGEST = DataSize.ofBytes(Letter.LONGEST_BODY);

	private final Supplier<JsonMapper> mapper;

	private final Supplier<DataSize> maxSize;

	private final String prefix;

	/**
	 * Create letters.
	 * @param mapper gives them their form
	 * @param maxSize how long one may be
	 * @param prefix what the names of their kinds begin with
	 */
	Letters(Supplier<JsonMapper> mapper, Supplier<DataSize> maxSize, String prefix) {
		this.mapper = mapper;
		this.maxSize = maxSize;
		this.prefix = prefix;
	}

	/**
	 * Create the letters of an application, in the form that its JSON has.
	 * @param application its context, or {@code null} as long as it is not known
	 * @return the letters
	 */
	static Letters of(Supplier<@Nullable ConfigurableApplicationContext> application) {
		return new Letters(once(application,
				(context) -> context.isActive() ? context.getBeanProvider(JsonMapper.class).getIfUnique(JsonMapper::new)
						: new JsonMapper(),
				new JsonMapper()),
				once(application,
						(context) -> Binder.get(context.getEnvironment())
							.bind("cluster.messages.max-size", DataSize.class)
							.orElse(LARGEST),
						LARGEST),
				"");
	}

	private static <T> Supplier<T> once(Supplier<@Nullable ConfigurableApplicationContext> application,
			Function<ConfigurableApplicationContext, T> value, T unknown) {
		AtomicReference<@Nullable T> known = new AtomicReference<>();
		return () -> {
			T found = known.get();
			ConfigurableApplicationContext context = (found != null) ? null : application.get();
			if (context != null) {
				found = value.apply(context);
				known.set(found);
			}
			return (found != null) ? found : unknown;
		};
	}

	/**
	 * Make a letter.
	 * @param payload what to write
	 * @param topic its topic, or {@code null}
	 * @return the letter
	 * @throws IllegalArgumentException if it cannot be written or is too long
	 */
	Letter write(@Nullable Object payload, @Nullable String topic) {
		String type = (payload != null) ? this.prefix + nameOf(payload) : "";
		byte[] body;
		try {
			body = this.mapper.get().writeValueAsBytes(payload);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException(
					"A %s cannot be sent, it has no form in JSON: %s".formatted(type, ex.getOriginalMessage()), ex);
		}
		long limit = Math.min(this.maxSize.get().toBytes(), Letter.LONGEST_BODY);
		if (body.length > limit) {
			throw new IllegalArgumentException("A %s of %d bytes is over the %d bytes of cluster.messages.max-size"
				.formatted(type, body.length, limit));
		}
		return new Letter(type, topic, ByteBuffer.wrap(body));
	}

	@SuppressWarnings("unchecked")
	<T> @Nullable T read(Letter letter, Class<T> type) {
		return (T) read(letter, (Type) type);
	}

	@Nullable Object read(Letter letter, Type type) {
		ByteBuffer body = letter.body();
		JsonMapper reader = this.mapper.get();
		return reader.readValue(body.array(), body.arrayOffset() + body.position(), body.remaining(),
				reader.constructType(type));
	}

	// What one version of Java makes of List.of() may be unknown to another
	private static String nameOf(Object payload) {
		return nameOf(GENERAL.stream()
			.filter((type) -> type.isInstance(payload))
			.<Class<?>>map((type) -> type)
			.findFirst()
			.orElse(payload.getClass()));
	}

	/**
	 * Return the name by which a kind of message is known.
	 * @param type the kind
	 * @return its explicit name, or that of the class
	 */
	static String nameOf(Class<?> type) {
		MessageName name = type.getAnnotation(MessageName.class);
		String text = (name != null) ? name.value() : type.getName();
		if (text.isEmpty() || text.length() > Letter.LONGEST_NAME) {
			throw new IllegalArgumentException("A message's name has 1 to %d characters, not %d as that of %s"
				.formatted(Letter.LONGEST_NAME, text.length(), type));
		}
		return text;
	}

}
