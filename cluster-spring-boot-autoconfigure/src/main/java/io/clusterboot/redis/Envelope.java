package io.clusterboot.redis;

import java.nio.ByteBuffer;
import java.util.Arrays;

import io.clusterboot.channel.Letter;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * A letter on its way over Redis: a line of JSON that says what it is, and the letter.
 *
 * @param v the version of this form
 * @param kind what it is
 * @param sender the address of whoever sends it
 * @param life what tells this process from others that have ever had the address
 * @param number counts what the sender says to all, from 1; else 0
 * @param question the number of the question that this asks or answers, or 0
 * @param failure why there is no answer, or {@code null}
 * @param type the kind of the letter
 * @param topic the topic of the letter, or {@code null}
 */
record Envelope(int v, Kind kind, String sender, long life, long number, long question, @Nullable String failure,
		@Nullable String type, @Nullable String topic) {

	/**
	 * The version that is written here, and the only one that is understood.
	 */
	static final int VERSION = 1;

	// What another version says beside it, or does not say
	private static final JsonMapper MAPPER = JsonMapper.builder()
		.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
		.build();

	/**
	 * What there is to be said.
	 */
	enum Kind {

		LETTER, ANSWER, PING

	}

	static Envelope ping(String sender, long life) {
		return new Envelope(VERSION, Kind.PING, sender, life, 0, 0, null, null, null);
	}

	byte[] with(@Nullable Letter letter) {
		byte[] header = MAPPER.writeValueAsBytes(this);
		ByteBuffer body = (letter != null) ? letter.body().duplicate() : ByteBuffer.allocate(0);
		ByteBuffer all = ByteBuffer.allocate(header.length + 1 + body.remaining());
		all.put(header).put((byte) '\n').put(body);
		return all.array();
	}

	/**
	 * Read the version alone, which every version can.
	 * @param bytes what has come
	 * @return the version
	 */
	static int version(byte[] bytes) {
		return MAPPER.readTree(header(bytes)).path("v").asInt(0);
	}

	static Envelope read(byte[] bytes) {
		return MAPPER.readValue(header(bytes), Envelope.class);
	}

	private static byte[] header(byte[] bytes) {
		return Arrays.copyOf(bytes, end(bytes, 0));
	}

	Letter letter(byte[] bytes) {
		int start = Math.min(end(bytes, 0) + 1, bytes.length);
		return new Letter((this.type != null) ? this.type : "", this.topic,
				ByteBuffer.wrap(bytes, start, bytes.length - start));
	}

	static int end(byte[] bytes, int from) {
		int end = from;
		while (end < bytes.length && bytes[end] != '\n') {
			end++;
		}
		return end;
	}

}
