package io.clusterboot.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A session as it is in the store. Its attributes are bytes that nobody has to understand
 * to keep them.
 *
 * @param created when it was created
 * @param accessed when it was accessed last, to the minute
 * @param interval how long it lives without being accessed, or a negative time for ever
 * @param principal whose session it is, or {@code null}
 * @param attributes the bytes of each attribute
 */
record StoredSession(Instant created, Instant accessed, Duration interval, @Nullable String principal,
		Map<String, byte[]> attributes) {

	private static final int SESSION = 1;

	private static final int SUCCESSOR = 2;

	byte[] toBytes() {
		return write((out) -> {
			out.writeByte(SESSION);
			out.writeLong(this.created.toEpochMilli());
			out.writeLong(this.accessed.toEpochMilli());
			out.writeLong(this.interval.getSeconds());
			out.writeInt(this.interval.getNano());
			out.writeBoolean(this.principal != null);
			if (this.principal != null) {
				write(out, bytes(this.principal));
			}
			out.writeInt(this.attributes.size());
			for (Map.Entry<String, byte[]> attribute : this.attributes.entrySet()) {
				write(out, bytes(attribute.getKey()));
				write(out, attribute.getValue());
			}
		});
	}

	/**
	 * Return a session.
	 * @param bytes what is in the store
	 * @return the session, or {@code null} if it is none any more
	 */
	static @Nullable StoredSession of(byte[] bytes) {
		return read(bytes, (in) -> {
			if (in.readByte() != SESSION) {
				return null;
			}
			Instant created = Instant.ofEpochMilli(in.readLong());
			Instant accessed = Instant.ofEpochMilli(in.readLong());
			Duration interval = Duration.ofSeconds(in.readLong(), in.readInt());
			String principal = (in.readBoolean()) ? text(readBytes(in)) : null;
			Map<String, byte[]> attributes = new LinkedHashMap<>();
			for (int count = in.readInt(); count > 0; count--) {
				attributes.put(text(readBytes(in)), readBytes(in));
			}
			return new StoredSession(created, accessed, interval, principal, attributes);
		});
	}

	/**
	 * Return what takes the place of a session that is there no more under its id.
	 * @param id its new id, or the empty string if it was deleted
	 * @return the bytes
	 */
	static byte[] successor(String id) {
		return write((out) -> {
			out.writeByte(SUCCESSOR);
			write(out, bytes(id));
		});
	}

	/**
	 * Return the new id of a session that is there no more under its id.
	 * @param bytes what is in the store in its place
	 * @return its new id, or the empty string if it was deleted
	 */
	static String successorOf(byte[] bytes) {
		return read(bytes, (in) -> (in.readByte() == SUCCESSOR) ? text(readBytes(in)) : "");
	}

	private static void write(DataOutputStream out, byte[] bytes) throws IOException {
		out.writeInt(bytes.length);
		out.write(bytes);
	}

	private static byte[] readBytes(DataInputStream in) throws IOException {
		return in.readNBytes(in.readInt());
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static String text(byte[] bytes) {
		return new String(bytes, StandardCharsets.UTF_8);
	}

	private static byte[] write(Writing writing) {
		try {
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			writing.to(new DataOutputStream(bytes));
			return bytes.toByteArray();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static <T extends @Nullable Object> T read(byte[] bytes, Reading<T> reading) {
		try {
			return reading.from(new DataInputStream(new ByteArrayInputStream(bytes)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private interface Writing {

		void to(DataOutputStream out) throws IOException;

	}

	private interface Reading<T extends @Nullable Object> {

		T from(DataInputStream in) throws IOException;

	}

}
