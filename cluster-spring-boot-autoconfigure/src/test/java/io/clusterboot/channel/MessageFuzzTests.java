package io.clusterboot.channel;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.sun.management.ThreadMXBean;
import io.clusterboot.IncidentCause;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.UnixSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Whatever the other end of a channel sends, decoding it ends in a message or in an
 * {@link IOException}, and takes memory in proportion to what was sent. More random
 * frames with {@code -Dcluster.fuzz.frames} or the profile {@code nightly}.
 */
class MessageFuzzTests {

	private static final int FRAMES = Integer.getInteger("cluster.fuzz.frames", 20_000);

	private static final int[] FLIPS = { 1, 0x80, 0xff };

	private static final int LONG = 4096;

	// Of a long frame not every byte
	private static final int POSITIONS = 50;

	// A number in a list takes one byte at least and becomes an object
	private static final int FACTOR = 100;

	private static final int CONSTANT = 512 * 1024;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	@ParameterizedTest
	@MethodSource("messages")
	void frameCutAnywhereIsAnError(Message message) throws IOException {
		byte[] frame = frame(message);
		positions(frame.length).forEach((length) -> decode(Arrays.copyOf(frame, length)));
	}

	@ParameterizedTest
	@MethodSource("messages")
	void frameWithAnyByteChangedIsAMessageOrAnError(Message message) throws IOException {
		byte[] frame = frame(message);
		positions(frame.length).forEach((position) -> {
			for (int bits : FLIPS) {
				byte[] changed = frame.clone();
				changed[position] ^= (byte) bits;
				decode(changed);
			}
		});
	}

	@Test
	void randomFramesAreMessagesOrErrors() throws IOException {
		RandomGenerator random = new SplittableRandom(FRAMES);
		List<byte[]> frames = new ArrayList<>();
		for (Message message : (Iterable<Message>) MessageCodecTests.messages()::iterator) {
			frames.add(frame(message));
		}
		for (int i = 0; i < FRAMES; i++) {
			byte[] frame = frames.get(random.nextInt(frames.size())).clone();
			if (random.nextBoolean()) {
				int start = endOfType(frame);
				byte[] fields = new byte[frame.length - start];
				random.nextBytes(fields);
				System.arraycopy(fields, 0, frame, start, fields.length);
			}
			for (int changes = random.nextInt(4); changes > 0; changes--) {
				frame[random.nextInt(frame.length)] = (byte) random.nextInt(256);
			}
			decode(Arrays.copyOf(frame, 1 + random.nextInt(2 * frame.length)));
		}
	}

	@Test
	@Timeout(60)
	void channelOverWhichAnythingComesEndsAndLeavesNothingOpen() throws IOException {
		RandomGenerator random = new SplittableRandom(1);
		for (int i = 0; i < 100; i++) {
			List<Descriptor> pair = UnixSocket.pair();
			List<Descriptor> sent = UnixSocket.pair();
			Ended ended = new Ended();
			MessageChannel channel = new MessageChannel(pair.get(0), "fuzz", ended, new ByteBudget(0));
			channel.start();
			try (UnixSocket hostile = new UnixSocket(pair.get(1))) {
				hostile.send(noise(random), (random.nextBoolean()) ? List.of(sent.get(0)) : List.of());
				hostile.shutdown();
			}
			sent.get(0).close();
			Awaitility.await().until(() -> !ended.reasons.isEmpty());
			try (UnixSocket other = new UnixSocket(sent.get(1))) {
				assertThat(other.receive(new ArrayList<>())).isEmpty();
			}
		}
	}

	private static int endOfType(byte[] frame) {
		return Short.BYTES + ByteBuffer.wrap(frame).getShort();
	}

	private static byte[] noise(RandomGenerator random) {
		byte[] noise = new byte[1 + random.nextInt(2000)];
		random.nextBytes(noise);
		if (noise.length > 8 && random.nextBoolean()) {
			ByteBuffer.wrap(noise).putInt(1 + random.nextInt(noise.length));
		}
		return noise;
	}

	private static IntStream positions(int length) {
		return (length <= LONG) ? IntStream.range(0, length)
				: IntStream.range(0, POSITIONS).map((index) -> index * (length / POSITIONS));
	}

	private static void decode(byte[] frame) {
		long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
		try {
			MessageCodec.decode(frame);
		}
		catch (IOException ex) {
			// as it should be
		}
		catch (RuntimeException | Error ex) {
			fail("Frame " + Arrays.toString(Arrays.copyOf(frame, Math.min(frame.length, 100))), ex);
		}
		long allocated = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
		if (allocated > CONSTANT + (long) FACTOR * frame.length) {
			fail("%d bytes allocated for frame %s".formatted(allocated,
					Arrays.toString(Arrays.copyOf(frame, Math.min(frame.length, 100)))));
		}
	}

	private static byte[] frame(Message message) throws IOException {
		byte[] frame = MessageCodec.encode(message);
		return Arrays.copyOfRange(frame, MessageCodec.HEADER_SIZE, frame.length);
	}

	static Stream<Message> messages() {
		String dump = "\"main\" #1 prio=5\n".repeat(12_000);
		return Stream.concat(MessageCodecTests.messages(),
				Stream.of(new Message.Unhealthy(IncidentCause.STALL, "stalled", dump),
						new Message.Configuration(Map.of("x".repeat(1000), "y".repeat(1000)))));
	}

	/**
	 * Takes what comes.
	 */
	private static final class Ended implements MessageHandler {

		private final List<String> reasons = Collections.synchronizedList(new ArrayList<>());

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
			if (descriptor != null) {
				descriptor.close();
			}
		}

		@Override
		public void onEnd(String reason) {
			this.reasons.add(reason);
		}

	}

}
