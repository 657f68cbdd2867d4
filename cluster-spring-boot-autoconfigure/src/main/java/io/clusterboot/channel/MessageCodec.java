package io.clusterboot.channel;

import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Frames: four bytes of length, the name of the message's type, then its components. A
 * frame that is too long or of an unknown type is an error.
 */
public final class MessageCodec {

	/**
	 * How many bytes say how long a frame is.
	 */
	public static final int HEADER_SIZE = 4;

	/**
	 * How long a frame may be: a letter of the largest size and what is around it.
	 */
	public static final int MAX_FRAME_SIZE = Letter.LONGEST_BODY + 16 * 1024;

	private static final Map<String, Class<? extends Message>> TYPES = types(Message.class).distinct()
		.collect(Collectors.toMap(MessageCodec::name, Function.identity()));

	private MessageCodec() {
	}

	/**
	 * Encode a message.
	 * @param message the message
	 * @return the frame
	 * @throws IOException if it is too long
	 */
	static byte[] encode(Message message) throws IOException {
		return output(message).whole();
	}

	/**
	 * Encode a message without copies of what is long in it.
	 * @param message the message
	 * @return the parts of the frame, the first of which is not empty
	 * @throws IOException if it is too long
	 */
	public static List<ByteBuffer> parts(Message message) throws IOException {
		return output(message).parts();
	}

	private static FrameOutput output(Message message) throws IOException {
		FrameOutput out = new FrameOutput();
		out.writeInt(0);
		out.writeUTF(name(message.getClass()));
		write(message.getClass(), message, out);
		List<ByteBuffer> parts = out.parts();
		int length = parts.stream().mapToInt(ByteBuffer::remaining).sum() - HEADER_SIZE;
		if (length > MAX_FRAME_SIZE) {
			throw new IOException("A %s of %d bytes is over the limit of %d".formatted(name(message.getClass()), length,
					MAX_FRAME_SIZE));
		}
		parts.get(0).putInt(0, length);
		return out;
	}

	private static <T> void write(Class<T> type, Message message, DataOutputStream out) throws IOException {
		RecordCodec.of(type).write(type.cast(message), out);
	}

	/**
	 * Decode a frame without its length.
	 * @param frame the type and the components
	 * @return the message
	 * @throws IOException if the frame is none that this version knows
	 */
	static Message decode(byte[] frame) throws IOException {
		return decode(ByteBuffer.wrap(frame));
	}

	/**
	 * Decode a frame without its length. What is long in it is not copied.
	 * @param frame the type and the components
	 * @return the message
	 * @throws IOException if the frame is none that this version knows
	 */
	public static Message decode(ByteBuffer frame) throws IOException {
		try {
			FrameInput in = new FrameInput(frame);
			return RecordCodec.of(type(in.readUTF())).readWhole(in);
		}
		catch (EOFException ex) {
			throw new IOException("A message ends too early", ex);
		}
	}

	// Such as Hello, ReloadRequest or ReloadReply
	private static String name(Class<?> type) {
		Class<?> kind = type.getEnclosingClass();
		return (kind != Message.class) ? type.getSimpleName() + kind.getSimpleName() : type.getSimpleName();
	}

	private static Class<? extends Message> type(String name) throws IOException {
		Class<? extends Message> type = TYPES.get(name);
		if (type == null) {
			throw new IOException("Unknown message type " + name);
		}
		return type;
	}

	private static Stream<Class<? extends Message>> types(Class<?> type) {
		return (type.isRecord()) ? Stream.of(type.asSubclass(Message.class))
				: Arrays.stream(type.getPermittedSubclasses()).flatMap(MessageCodec::types);
	}

}
