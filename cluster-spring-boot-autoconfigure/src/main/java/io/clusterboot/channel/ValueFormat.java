package io.clusterboot.channel;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * How a value of a record looks in bytes. What is read is never longer than what is left
 * to read.
 *
 * @param writer writes a value
 * @param reader reads one
 */
record ValueFormat(Writer<Object> writer, Reader<? extends @Nullable Object> reader) {

	private static final byte[] CUT = " [cut off]".getBytes(StandardCharsets.UTF_8);

	private static final ValueFormat TEXT = text(Integer.MAX_VALUE);

	private static final ValueFormat BOOLEAN = of((Boolean value, DataOutputStream out) -> out.writeBoolean(value),
			DataInputStream::readBoolean);

	private static final ValueFormat INTEGER = of((Integer value, DataOutputStream out) -> out.writeInt(value),
			DataInputStream::readInt);

	private static final ValueFormat LONG = of((Long value, DataOutputStream out) -> out.writeLong(value),
			DataInputStream::readLong);

	private static final ValueFormat DURATION = of((Duration value, DataOutputStream out) -> {
		out.writeLong(value.getSeconds());
		out.writeInt(value.getNano());
	}, (in) -> Duration.ofSeconds(in.readLong(), in.readInt()));

	private static final ValueFormat INSTANT = of((Instant value, DataOutputStream out) -> {
		out.writeLong(value.getEpochSecond());
		out.writeInt(value.getNano());
	}, (in) -> Instant.ofEpochSecond(in.readLong(), in.readInt()));

	private static final ValueFormat BYTES = of((ByteBuffer value, DataOutputStream out) -> {
		out.writeInt(value.remaining());
		((FrameOutput) out).take(value);
	}, (in) -> ((FrameInput) in).slice(count(in)));

	private static final Map<Class<?>, ValueFormat> SIMPLE = Map.of(boolean.class, BOOLEAN, int.class, INTEGER,
			Integer.class, INTEGER, long.class, LONG, Long.class, LONG, String.class, TEXT, Duration.class, DURATION,
			Instant.class, INSTANT, ByteBuffer.class, BYTES);

	void write(Object value, DataOutputStream out) throws IOException {
		this.writer.write(value, out);
	}

	@Nullable Object read(DataInputStream in) throws IOException {
		try {
			return this.reader.read(in);
		}
		catch (RuntimeException ex) {
			throw new IOException("A value is not allowed: " + ex.getMessage(), ex);
		}
	}

	static ValueFormat of(Class<?> type) {
		// First, because a type of the JDK may be sealed there
		ValueFormat simple = SIMPLE.get(type);
		if (simple != null) {
			return simple;
		}
		if (type.isRecord()) {
			return record(type);
		}
		if (type.isSealed()) {
			return oneOf(records(type).toList());
		}
		if (type.isEnum()) {
			List<Enum<?>> constants = Arrays.stream(type.getEnumConstants())
				.<Enum<?>>map((constant) -> (Enum<?>) constant)
				.toList();
			return of((Enum<?> value, DataOutputStream out) -> out.writeUTF(value.name()),
					(in) -> constant(constants, in.readUTF()));
		}
		throw new IllegalArgumentException("A %s cannot travel".formatted(type));
	}

	private static ValueFormat record(Class<?> type) {
		return new ValueFormat((value, out) -> write(type, value, out), (in) -> RecordCodec.of(type).read(in));
	}

	private static ValueFormat oneOf(List<Class<?>> types) {
		return of((Object value, DataOutputStream out) -> {
			out.writeUTF(value.getClass().getSimpleName());
			record(value.getClass()).write(value, out);
		}, (in) -> {
			String name = in.readUTF();
			for (Class<?> type : types) {
				if (type.getSimpleName().equals(name)) {
					return record(type).read(in);
				}
			}
			throw new IOException("'%s' is none of %s".formatted(name, types));
		});
	}

	private static Stream<Class<?>> records(Class<?> type) {
		return (type.isRecord()) ? Stream.of(type)
				: Arrays.stream(type.getPermittedSubclasses()).flatMap(ValueFormat::records);
	}

	@SuppressWarnings("unchecked")
	private static <T> void write(Class<T> type, Object value, DataOutputStream out) throws IOException {
		RecordCodec.of(type).write((T) value, out);
	}

	private static Enum<?> constant(List<Enum<?>> constants, String name) throws IOException {
		for (Enum<?> constant : constants) {
			if (constant.name().equals(name)) {
				return constant;
			}
		}
		throw new IOException("'%s' is none of %s".formatted(name, constants));
	}

	/**
	 * Return the format of a text that loses its end if it is too long.
	 * @param limit how many bytes of it are written
	 * @return the format
	 */
	static ValueFormat text(int limit) {
		return of((String value, DataOutputStream out) -> writeText(value, limit, out), (in) -> {
			int length = count(in);
			if (length > limit) {
				throw new IOException("A text of %d bytes is not allowed".formatted(length));
			}
			byte[] bytes = new byte[length];
			in.readFully(bytes);
			return new String(bytes, StandardCharsets.UTF_8);
		});
	}

	private static void writeText(String text, int limit, DataOutputStream out) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		if (bytes.length > limit) {
			int kept = startOfCharacter(bytes, limit - CUT.length);
			byte[] cut = Arrays.copyOf(bytes, kept + CUT.length);
			System.arraycopy(CUT, 0, cut, kept, CUT.length);
			bytes = cut;
		}
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	private static int startOfCharacter(byte[] bytes, int index) {
		int start = index;
		while ((bytes[start] & 0xC0) == 0x80) {
			start--;
		}
		return start;
	}

	static ValueFormat optional(ValueFormat format) {
		return new ValueFormat((value, out) -> {
			out.writeBoolean(value != null);
			if (value != null) {
				format.write(value, out);
			}
		}, (in) -> (in.readBoolean()) ? format.read(in) : null);
	}

	static ValueFormat list(ValueFormat element) {
		return of((List<?> list, DataOutputStream out) -> writeAll(list, element, out), (in) -> readAll(element, in));
	}

	static ValueFormat map(ValueFormat key, ValueFormat value) {
		return of((Map<?, ?> map, DataOutputStream out) -> {
			writeAll(map.keySet(), key, out);
			writeAll(map.values(), value, out);
		}, (in) -> {
			List<Object> keys = readAll(key, in);
			List<Object> values = readAll(value, in);
			Map<Object, Object> map = new LinkedHashMap<>();
			for (int i = 0; i < keys.size(); i++) {
				map.put(keys.get(i), values.get(i));
			}
			return map;
		});
	}

	private static void writeAll(Collection<?> values, ValueFormat format, DataOutputStream out) throws IOException {
		out.writeInt(values.size());
		for (Object value : values) {
			format.write(value, out);
		}
	}

	private static List<Object> readAll(ValueFormat format, DataInputStream in) throws IOException {
		List<Object> values = new ArrayList<>();
		for (int count = count(in); count > 0; count--) {
			values.add(format.read(in));
		}
		return values;
	}

	// Nothing takes less than a byte
	private static int count(DataInputStream in) throws IOException {
		int count = in.readInt();
		if (count < 0 || count > in.available()) {
			throw new IOException("A length of %d is not allowed".formatted(count));
		}
		return count;
	}

	@SuppressWarnings("unchecked")
	private static <T> ValueFormat of(Writer<T> writer, Reader<T> reader) {
		return new ValueFormat((Writer<Object>) (Writer<?>) writer, reader);
	}

	/**
	 * Writes values of a type.
	 *
	 * @param <T> the type
	 */
	interface Writer<T> {

		void write(T value, DataOutputStream out) throws IOException;

	}

	/**
	 * Reads values of a type.
	 *
	 * @param <T> the type
	 */
	interface Reader<T> {

		T read(DataInputStream in) throws IOException;

	}

}
