package io.clusterboot.channel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

import io.clusterboot.IncidentCause;

/**
 * Frames: four bytes of length, one byte of type, then the fields. Knows the types and
 * nothing else by name; a frame that is too long or of an unknown type is an error.
 */
final class MessageCodec {

	static final int HEADER_SIZE = 4;

	static final int MAX_FRAME_SIZE = 1024 * 1024;

	private static final Map<Class<? extends Message>, Integer> TYPES = Map.ofEntries(Map.entry(Message.Hello.class, 1),
			Map.entry(Message.Listening.class, 2), Map.entry(Message.Readiness.class, 3),
			Map.entry(Message.Heartbeat.class, 4), Map.entry(Message.Leaving.class, 5),
			Map.entry(Message.GateClosed.class, 6), Map.entry(Message.SnapshotRequest.class, 7),
			Map.entry(Message.ReloadRequest.class, 8), Map.entry(Message.ShutdownRequest.class, 9),
			Map.entry(Message.Welcome.class, 10), Map.entry(Message.OpenGate.class, 11),
			Map.entry(Message.Drain.class, 12), Map.entry(Message.SnapshotReply.class, 13),
			Map.entry(Message.ReloadReply.class, 14), Map.entry(Message.ShutdownReply.class, 15),
			Map.entry(Message.Refusal.class, 16), Map.entry(Message.ReloadsRequest.class, 17),
			Map.entry(Message.AbortRequest.class, 18), Map.entry(Message.ReloadsReply.class, 19),
			Map.entry(Message.AbortReply.class, 20), Map.entry(Message.Configuration.class, 21),
			Map.entry(Message.Liveness.class, 22), Map.entry(Message.Drained.class, 23),
			Map.entry(Message.ScaleRequest.class, 24), Map.entry(Message.ScaleReply.class, 25),
			Map.entry(Message.Unhealthy.class, 26), Map.entry(Message.ThreadDump.class, 27),
			Map.entry(Message.Released.class, 28), Map.entry(Message.IncidentsRequest.class, 29),
			Map.entry(Message.IncidentRequest.class, 30), Map.entry(Message.Assign.class, 31),
			Map.entry(Message.Adopt.class, 32), Map.entry(Message.Release.class, 33),
			Map.entry(Message.ThreadDumpRequest.class, 34), Map.entry(Message.IncidentsReply.class, 35),
			Map.entry(Message.IncidentReply.class, 36), Map.entry(Message.SocketFailed.class, 37),
			Map.entry(Message.StartFailed.class, 38), Map.entry(Message.Park.class, 40),
			Map.entry(Message.FailOpen.class, 41), Map.entry(Message.Invalid.class, 42));

	private MessageCodec() {
	}

	static byte[] encode(Message message) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeInt(0);
		out.writeByte(TYPES.get(message.getClass()));
		write(message, out);
		byte[] frame = bytes.toByteArray();
		int length = frame.length - HEADER_SIZE;
		if (length > MAX_FRAME_SIZE) {
			throw new IOException("A %s of %d bytes is over the limit of %d"
				.formatted(message.getClass().getSimpleName(), length, MAX_FRAME_SIZE));
		}
		ByteBuffer.wrap(frame).putInt(length);
		return frame;
	}

	/**
	 * Decode a frame without its length.
	 * @param frame the type and the fields
	 * @return the message
	 * @throws IOException if the frame is none that this version knows
	 */
	static Message decode(byte[] frame) throws IOException {
		try {
			return read(new DataInputStream(new ByteArrayInputStream(frame)));
		}
		catch (IllegalArgumentException ex) {
			throw new IOException("A field of message type %d is unknown: %s".formatted(frame[0], ex.getMessage()), ex);
		}
	}

	private static Message read(DataInputStream in) throws IOException {
		int type = in.readUnsignedByte();
		return switch (type) {
			case 1 -> new Message.Hello(in.readInt());
			case 2 -> new Message.Listening(in.readInt());
			case 3 -> new Message.Readiness(in.readBoolean());
			case 4 -> new Message.Heartbeat(SnapshotCodec.readMetrics(in));
			case 5 -> new Message.Leaving(in.readUTF());
			case 6 -> new Message.GateClosed();
			case 7 -> new Message.SnapshotRequest(in.readLong());
			case 8 -> new Message.ReloadRequest(in.readLong(), in.readUTF(), SnapshotCodec.readStrategy(in));
			case 9 -> new Message.ShutdownRequest(in.readLong());
			case 10 -> new Message.Welcome(in.readBoolean());
			case 11 -> new Message.OpenGate();
			case 12 ->
				new Message.Drain(in.readBoolean(), Duration.ofMillis(in.readLong()), Duration.ofMillis(in.readLong()));
			case 13 -> new Message.SnapshotReply(in.readLong(), SnapshotCodec.readCluster(in));
			case 14 -> new Message.ReloadReply(in.readLong(), SnapshotCodec.readReload(in));
			case 15 -> new Message.ShutdownReply(in.readLong());
			case 16 -> new Message.Refusal(in.readLong(), in.readUTF());
			case 42 -> new Message.Invalid(in.readLong(), in.readUTF());
			case 17 -> new Message.ReloadsRequest(in.readLong());
			case 18 -> new Message.AbortRequest(in.readLong(), in.readInt());
			case 19 -> new Message.ReloadsReply(in.readLong(), SnapshotCodec.readReloads(in));
			case 20 -> new Message.AbortReply(in.readLong(), SnapshotCodec.readOptionalReload(in));
			case 21 -> new Message.Configuration(readMap(in));
			case 22 -> new Message.Liveness(in.readBoolean());
			case 23 -> new Message.Drained(in.readInt());
			case 24 -> new Message.ScaleRequest(in.readLong(), in.readInt());
			case 25 -> new Message.ScaleReply(in.readLong(), in.readInt());
			case 26 -> new Message.Unhealthy(IncidentCause.valueOf(in.readUTF()), TextCodec.read(in),
					TextCodec.readOptional(in));
			case 27 -> new Message.ThreadDump(TextCodec.read(in));
			case 28 -> new Message.Released(in.readInt());
			case 29 -> new Message.IncidentsRequest(in.readLong());
			case 30 -> new Message.IncidentRequest(in.readLong(), in.readInt());
			case 31 -> new Message.Assign(in.readInt(), in.readBoolean());
			case 32 -> new Message.Adopt(in.readInt(), in.readBoolean());
			case 33 -> new Message.Release(in.readInt(), in.readBoolean());
			case 34 -> new Message.ThreadDumpRequest();
			case 35 -> new Message.IncidentsReply(in.readLong(), IncidentCodec.readAll(in));
			case 36 -> new Message.IncidentReply(in.readLong(), IncidentCodec.readOptional(in));
			case 37 -> new Message.SocketFailed(in.readInt(), TextCodec.read(in));
			case 38 -> new Message.StartFailed(TextCodec.read(in));
			case 40 -> new Message.Park(Duration.ofMillis(in.readLong()));
			case 41 -> new Message.FailOpen(in.readBoolean());
			default -> throw new IOException("Unknown message type " + type);
		};
	}

	private static void write(Message message, DataOutputStream out) throws IOException {
		if (message instanceof Message.Request request) {
			out.writeLong(request.id());
		}
		else if (message instanceof Message.Reply reply) {
			out.writeLong(reply.id());
		}
		if (message instanceof Message.Hello hello) {
			out.writeInt(hello.protocol());
		}
		else if (message instanceof Message.Listening listening) {
			out.writeInt(listening.port());
		}
		else if (message instanceof Message.FailOpen failOpen) {
			out.writeBoolean(failOpen.open());
		}
		else if (message instanceof Message.Readiness readiness) {
			out.writeBoolean(readiness.accepting());
		}
		else if (message instanceof Message.Heartbeat heartbeat) {
			SnapshotCodec.writeMetrics(heartbeat.metrics(), out);
		}
		else if (message instanceof Message.Configuration configuration) {
			writeMap(configuration.properties(), out);
		}
		else if (message instanceof Message.Liveness liveness) {
			out.writeBoolean(liveness.correct());
		}
		else if (message instanceof Message.Drained drained) {
			out.writeInt(drained.cutRequests());
		}
		else if (message instanceof Message.Leaving leaving) {
			out.writeUTF(leaving.reason());
		}
		else if (message instanceof Message.ReloadRequest request) {
			out.writeUTF(request.trigger());
			SnapshotCodec.writeStrategy(request.strategy(), out);
		}
		else if (message instanceof Message.Welcome welcome) {
			out.writeBoolean(welcome.ipv6());
		}
		else if (message instanceof Message.Drain drain) {
			out.writeBoolean(drain.last());
			out.writeLong(drain.timeout().toMillis());
			out.writeLong(drain.keepAliveGrace().toMillis());
		}
		else if (message instanceof Message.Park park) {
			out.writeLong(park.keepAliveGrace().toMillis());
		}
		else if (message instanceof Message.SnapshotReply reply) {
			SnapshotCodec.writeCluster(reply.snapshot(), out);
		}
		else if (message instanceof Message.ReloadReply reply) {
			SnapshotCodec.writeReload(reply.reload(), out);
		}
		else if (message instanceof Message.AbortRequest request) {
			out.writeInt(request.reload());
		}
		else if (message instanceof Message.ScaleRequest request) {
			out.writeInt(request.workers());
		}
		else if (message instanceof Message.ScaleReply reply) {
			out.writeInt(reply.workers());
		}
		else if (message instanceof Message.ReloadsReply reply) {
			SnapshotCodec.writeReloads(reply.reloads(), out);
		}
		else if (message instanceof Message.AbortReply reply) {
			SnapshotCodec.writeOptionalReload(reply.reload(), out);
		}
		else if (message instanceof Message.Unhealthy unhealthy) {
			out.writeUTF(unhealthy.cause().name());
			TextCodec.write(unhealthy.detail(), TextCodec.SENTENCE, out);
			TextCodec.writeOptional(unhealthy.threadDump(), TextCodec.LONG, out);
		}
		else if (message instanceof Message.ThreadDump dump) {
			TextCodec.write(dump.text(), TextCodec.LONG, out);
		}
		else if (message instanceof Message.Released released) {
			out.writeInt(released.slot());
		}
		else if (message instanceof Message.SocketFailed failure) {
			out.writeInt(failure.slot());
			TextCodec.write(failure.reason(), TextCodec.SENTENCE, out);
		}
		else if (message instanceof Message.StartFailed failure) {
			TextCodec.write(failure.reason(), TextCodec.SENTENCE, out);
		}
		else if (message instanceof Message.IncidentRequest request) {
			out.writeInt(request.incident());
		}
		else if (message instanceof Message.Assign assign) {
			out.writeInt(assign.slot());
			out.writeBoolean(assign.ipv6());
		}
		else if (message instanceof Message.Adopt adopt) {
			out.writeInt(adopt.slot());
			out.writeBoolean(adopt.ipv6());
		}
		else if (message instanceof Message.Release release) {
			out.writeInt(release.slot());
			out.writeBoolean(release.last());
		}
		else if (message instanceof Message.IncidentsReply reply) {
			IncidentCodec.writeAll(reply.incidents(), out);
		}
		else if (message instanceof Message.IncidentReply reply) {
			IncidentCodec.writeOptional(reply.incident(), out);
		}
		else if (message instanceof Message.Refusal refusal) {
			out.writeUTF(refusal.reason());
		}
		else if (message instanceof Message.Invalid invalid) {
			out.writeUTF(invalid.reason());
		}
	}

	private static void writeMap(Map<String, String> map, DataOutputStream out) throws IOException {
		out.writeInt(map.size());
		for (Map.Entry<String, String> entry : map.entrySet()) {
			out.writeUTF(entry.getKey());
			out.writeUTF(entry.getValue());
		}
	}

	private static Map<String, String> readMap(DataInputStream in) throws IOException {
		Map<String, String> map = new HashMap<>();
		for (int count = in.readInt(); count > 0; count--) {
			map.put(in.readUTF(), in.readUTF());
		}
		return map;
	}

}
