package io.clusterboot.channel;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

/**
 * Writes and reads a kind of record: the values of its components, in their order. They
 * can be of the types that {@link ValueFormat} knows, lists and maps of them, records,
 * and {@code null} where that is declared.
 *
 * @param <T> the record's type
 */
public final class RecordCodec<T> {

	private static final Map<Class<?>, RecordCodec<?>> CODECS = new ConcurrentHashMap<>();

	private final Constructor<?> constructor;

	private final List<Component> components;

	private RecordCodec(Class<?> type) {
		RecordComponent[] declared = type.getRecordComponents();
		this.components = Arrays.stream(declared).map(Component::of).toList();
		try {
			this.constructor = type
				.getDeclaredConstructor(Arrays.stream(declared).map(RecordComponent::getType).toArray(Class<?>[]::new));
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
		this.constructor.setAccessible(true);
	}

	/**
	 * Return the codec of a kind of record.
	 * @param <T> the record's type
	 * @param type the record's type
	 * @return the codec
	 */
	@SuppressWarnings("unchecked")
	public static <T> RecordCodec<T> of(Class<T> type) {
		RecordCodec<?> codec = CODECS.get(type);
		if (codec == null) {
			// one that is made twice does no harm
			codec = new RecordCodec<T>(type);
			CODECS.put(type, codec);
		}
		return (RecordCodec<T>) codec;
	}

	/**
	 * Write a record.
	 * @param value the record
	 * @return bytes that {@link #decode} understands
	 */
	public byte[] encode(T value) {
		FrameOutput bytes = new FrameOutput();
		try {
			write(value, bytes);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return bytes.whole();
	}

	/**
	 * Read a record.
	 * @param bytes what {@link #encode} made of it
	 * @return the record
	 * @throws IOException if it is something else
	 */
	public T decode(byte[] bytes) throws IOException {
		return readWhole(new FrameInput(bytes));
	}

	T readWhole(FrameInput in) throws IOException {
		T value = read(in);
		if (in.available() > 0) {
			throw new IOException("There are %d bytes too many".formatted(in.available()));
		}
		return value;
	}

	void write(T value, DataOutputStream out) throws IOException {
		for (Component component : this.components) {
			component.format().write(invoke(component.accessor(), value), out);
		}
	}

	@SuppressWarnings("unchecked")
	T read(DataInputStream in) throws IOException {
		List<@Nullable Object> values = new ArrayList<>();
		for (Component component : this.components) {
			values.add(component.format().read(in));
		}
		try {
			return (T) this.constructor.newInstance(values.toArray());
		}
		catch (InvocationTargetException ex) {
			throw new IOException("A value is not allowed: " + ex.getCause(), ex);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Object invoke(Method accessor, Object value) {
		try {
			return accessor.invoke(value);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private record Component(Method accessor, ValueFormat format) {

		static Component of(RecordComponent component) {
			Limit limit = component.getAnnotation(Limit.class);
			ValueFormat format = (limit != null) ? ValueFormat.text(limit.value()) : null;
			Method accessor = component.getAccessor();
			accessor.setAccessible(true);
			return new Component(accessor, of(component.getAnnotatedType(), format));
		}

		private static ValueFormat of(AnnotatedType type, @Nullable ValueFormat given) {
			ValueFormat format = (given != null) ? given : of(type);
			return (type.isAnnotationPresent(Nullable.class)) ? ValueFormat.optional(format) : format;
		}

		private static ValueFormat of(AnnotatedType type) {
			if (type instanceof AnnotatedParameterizedType parameterized) {
				List<ValueFormat> arguments = Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
					.map((argument) -> of(argument, null))
					.toList();
				return (arguments.size() == 1) ? ValueFormat.list(arguments.get(0))
						: ValueFormat.map(arguments.get(0), arguments.get(1));
			}
			return ValueFormat.of((Class<?>) type.getType());
		}

	}

}
