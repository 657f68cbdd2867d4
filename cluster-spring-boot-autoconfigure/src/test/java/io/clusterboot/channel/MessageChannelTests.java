package io.clusterboot.channel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.InetSocket;
import io.clusterboot.posix.UnixSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link MessageChannel}, over a real pair of sockets.
 */
class MessageChannelTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final int BUDGET = 4 * 1024 * 1024;

	private final Received atPrimary = new Received();

	private final Received atWorker = new Received();

	private Descriptor workerEnd;

	private MessageChannel primary;

	private MessageChannel worker;

	@BeforeEach
	void open() throws IOException {
		List<Descriptor> pair = UnixSocket.pair();
		this.workerEnd = pair.get(1);
		this.primary = new MessageChannel(pair.get(0), "primary", this.atPrimary, new ByteBudget(BUDGET));
		this.worker = new MessageChannel(this.workerEnd, "worker", this.atWorker, new ByteBudget(0));
	}

	@AfterEach
	void close() {
		this.primary.end();
		this.worker.end();
		this.workerEnd.close();
	}

	@Test
	void messagesArriveInOrderInBothDirections() {
		start();
		List<Message> sent = IntStream.range(0, 200).mapToObj((count) -> (Message) new Message.Drained(count)).toList();
		sent.forEach((message) -> this.worker.send(message, null));
		this.primary.send(new Message.OpenGate(), null);
		await(() -> assertThat(this.atPrimary.messages).isEqualTo(sent));
		await(() -> assertThat(this.atWorker.messages).containsExactly(new Message.OpenGate()));
	}

	@Test
	void largeMessageArrivesWhole() {
		start();
		Message large = largeMessage();
		this.primary.send(large, null);
		this.primary.send(new Message.OpenGate(), null);
		await(() -> assertThat(this.atWorker.messages).containsExactly(large, new Message.OpenGate()));
	}

	@Test
	void heapOfAPrimaryIsEnoughForManyWorkersThatSaySomethingLongAtOnce() throws Exception {
		Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "-Xss512k", "-XX:+ExitOnOutOfMemoryError",
				"--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
				DumpStorm.class.getName())
			.redirectErrorStream(true)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		assertThat(output.strip()).endsWith("128");
	}

	@Test
	@Timeout(60)
	void whoReadsAlreadyGetsEndOfFileAndNothingElseWhenTheChannelMoves() throws Exception {
		this.primary.start();
		UnixSocket shared = new UnixSocket(duplicate(this.workerEnd));
		CompletableFuture<byte[]> read = CompletableFuture.supplyAsync(() -> {
			try {
				return shared.receive(new ArrayList<>());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		MessageChannel moved = new MessageChannel(MessageChannel.move(this.workerEnd), "worker", this.atWorker,
				new ByteBudget(0));
		assertThat(read.get()).isEmpty();
		shared.close();
		moved.start();
		moved.send(new Message.Drained(1), null);
		await(() -> assertThat(this.atPrimary.messages).containsExactly(new Message.Drained(1)));
		this.primary.send(new Message.OpenGate(), null);
		await(() -> assertThat(this.atWorker.messages).containsExactly(new Message.OpenGate()));
		this.primary.end();
		await(() -> assertThat(this.atWorker.ends).containsExactly("end of file"));
	}

	@Test
	@Timeout(60)
	void channelMovesBeforeAnythingElseOnly() throws IOException {
		this.primary.start();
		List<Descriptor> pair = UnixSocket.pair();
		new UnixSocket(this.workerEnd).send(MessageCodec.encode(new Message.Drained(1)), List.of());
		await(() -> assertThat(this.atPrimary.messages).hasSize(1));
		new UnixSocket(this.workerEnd).send(MessageCodec.encode(new Message.Move()), List.of(pair.get(0)));
		pair.get(0).close();
		await(() -> assertThat(this.atPrimary.ends).singleElement().asString().contains("moves once"));
		assertThat(new UnixSocket(pair.get(1)).receive(new ArrayList<>())).isEmpty();
		pair.get(1).close();
	}

	@Test
	void messageOverTheLimitIsRefusedAtTheSenderAndTheChannelGoesOn() {
		start();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.worker.send(new Reply.Snapshot(1, snapshot(20_000)), null))
			.withMessageContaining("limit");
		this.worker.send(new Message.GateClosed(), null);
		await(() -> assertThat(this.atPrimary.messages).containsExactly(new Message.GateClosed()));
	}

	@ParameterizedTest
	@MethodSource("socketPasses")
	void socketIsPassedEvenBetweenLargeMessages(Message message) throws IOException {
		start();
		try (InetSocket socket = InetSocket.create(false)) {
			socket.bind(new InetSocketAddress("127.0.0.1", 0), false);
			this.primary.send(largeMessage(), null);
			this.primary.send(message, socket.descriptor());
			this.primary.send(largeMessage(), null);
			await(() -> assertThat(this.atWorker.messages).hasSize(3));
			assertThat(this.atWorker.descriptors).hasSize(1);
			try (InetSocket received = InetSocket.of(this.atWorker.descriptors.get(0))) {
				assertThat(received.descriptor().number()).isNotEqualTo(socket.descriptor().number());
				assertThat(received.port()).isEqualTo(socket.port());
			}
		}
	}

	@Test
	@Timeout(120)
	void whatManySayAtOnceArrivesWholeAndInTheOrderOfEachWhetherItFitsOrNot() {
		start();
		List<Thread> senders = IntStream.range(0, 4)
			.mapToObj((sender) -> new Thread(() -> IntStream.range(0, 500).forEach((count) -> {
				ByteBuffer body = ByteBuffer.allocate((count % 20 == 0) ? 300_000 : 8).putInt(0, sender);
				this.worker.send(new Mail.Post(count, 1, false, new Letter("n", null, body)), null);
			})))
			.toList();
		senders.forEach(Thread::start);
		await(() -> assertThat(this.atPrimary.messages).hasSize(2000));
		IntStream.range(0, 4)
			.forEach((sender) -> assertThat(this.atPrimary.messages).map(Mail.Post.class::cast)
				.filteredOn((post) -> post.letter().body().getInt(0) == sender)
				.extracting(Mail.Post::id)
				.isEqualTo(LongStream.range(0, 500).boxed().toList()));
	}

	@Test
	void endIsReportedOnceOnBothSides() {
		start();
		this.worker.send(new Message.GateClosed(), null);
		await(() -> assertThat(this.atPrimary.messages).hasSize(1));
		this.worker.end();
		await(() -> assertThat(this.atPrimary.ends).containsExactly("end of file"));
		await(() -> assertThat(this.atWorker.ends).hasSize(1));
		this.worker.end();
		this.primary.end();
		this.primary.send(new Message.OpenGate(), null);
		assertThat(this.atPrimary.ends).hasSize(1);
		assertThat(this.atWorker.ends).hasSize(1);
		assertThat(this.atWorker.messages).isEmpty();
	}

	@Test
	void endIsReportedWhenThePeersEndIsClosed() {
		this.primary.start();
		this.workerEnd.close();
		await(() -> assertThat(this.atPrimary.ends).containsExactly("end of file"));
	}

	@Test
	void frameThatIsNotAllowedEndsTheChannel() throws IOException {
		this.primary.start();
		byte[] oversized = ByteBuffer.allocate(5).putInt(MessageCodec.MAX_FRAME_SIZE + 1).array();
		new UnixSocket(this.workerEnd).send(oversized, List.of());
		await(() -> assertThat(this.atPrimary.ends).singleElement().asString().contains("not allowed"));
	}

	@Test
	void frameOfUnknownTypeEndsTheChannel() throws IOException {
		this.primary.start();
		byte[] unknown = { 0, 0, 0, 5, 0, 3, 'N', 'e', 'w' };
		new UnixSocket(this.workerEnd).send(unknown, List.of());
		await(() -> assertThat(this.atPrimary.ends).containsExactly("Unknown message type New"));
	}

	@Test
	@Timeout(60)
	void peerThatDoesNotReadLosesTheChannelAndSendNeverBlocks() {
		this.primary.start();
		Awaitility.await().pollInSameThread().atMost(TIMEOUT).until(() -> {
			for (int i = 0; i < 50; i++) {
				this.primary.send(new Message.OpenGate(), null);
			}
			return !this.atPrimary.ends.isEmpty();
		});
		assertThat(this.atPrimary.ends).hasSize(1);
	}

	@Test
	@Timeout(60)
	void peerThatAsksAndDoesNotReadCostsABoundedNumberOfBytesAndIsToldWhenItReads() {
		this.primary.start();
		Message large = largeMessage();
		for (int i = 0; i < 10_000; i++) {
			this.primary.send(large, null);
		}
		assertThat(this.atPrimary.ends).isEmpty();
		this.worker.start();
		await(() -> assertThat(this.atWorker.messages).last().isInstanceOf(Reply.Refusal.class));
		assertThat(this.atWorker.messages).filteredOn(large::equals).hasSizeBetween(1, BUDGET / (3000 * 100));
		this.atWorker.messages.clear();
		this.primary.send(large, null);
		await(() -> assertThat(this.atWorker.messages).containsExactly(large));
	}

	@Test
	@Timeout(60)
	void answersForAPeerThatIsGoneCostTheOthersNothing() throws IOException {
		ByteBudget budget = new ByteBudget(BUDGET);
		Message large = largeMessage();
		for (int i = 0; i < 50; i++) {
			List<Descriptor> pair = UnixSocket.pair();
			Received gone = new Received();
			MessageChannel channel = new MessageChannel(pair.get(0), "gone", gone, budget);
			channel.send(large, null);
			channel.start();
			pair.get(1).close();
			await(() -> assertThat(gone.ends).hasSize(1));
			channel.send(large, null);
		}
		assertThat(budget.take(BUDGET)).isTrue();
	}

	@Test
	@Timeout(60)
	void descriptorsThatNoMessageCarriesAreClosed() throws IOException {
		this.primary.start();
		UnixSocket hostile = new UnixSocket(this.workerEnd);
		List<Descriptor> pair = UnixSocket.pair();
		byte[] frame = MessageCodec.encode(new Message.Drained(1));
		for (int i = 0; i < 100; i++) {
			hostile.send(frame, List.of(pair.get(0), pair.get(0)));
		}
		pair.get(0).close();
		await(() -> assertThat(this.atPrimary.messages).hasSize(100));
		// Only when nobody has the other end is there nothing more to come
		assertThat(new UnixSocket(pair.get(1)).receive(new ArrayList<>())).isEmpty();
		pair.get(1).close();
	}

	@Test
	@Timeout(60)
	void descriptorsThatComeWithHalfAMessageEndTheChannelWhenThereAreTooMany() throws IOException {
		this.primary.start();
		UnixSocket hostile = new UnixSocket(this.workerEnd);
		List<Descriptor> pair = UnixSocket.pair();
		hostile.send(new byte[] { 0, 0, 1, 0 }, List.of());
		for (int i = 0; i < 9; i++) {
			hostile.send(new byte[] { 0 }, List.of(pair.get(0)));
		}
		pair.get(0).close();
		await(() -> assertThat(this.atPrimary.ends).hasSize(1));
		assertThat(new UnixSocket(pair.get(1)).receive(new ArrayList<>())).isEmpty();
		pair.get(1).close();
	}

	@Test
	@Timeout(60)
	void peerThatReadsOnAfterHoursGetsAllButHeartbeatsAndRequests() {
		this.worker.start();
		List<Message> sent = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			this.worker.send(new Message.Heartbeat(WorkerMetrics.NONE, 0), null);
			this.worker.send(new Request.Snapshot(i), null);
			if (i % 100 == 0) {
				sent.add(new Message.Drained(i));
				this.worker.send(new Message.Drained(i), null);
			}
		}
		this.primary.start();
		await(() -> assertThat(this.atPrimary.messages).filteredOn(Message.Drained.class::isInstance).isEqualTo(sent));
		assertThat(this.atPrimary.messages).filteredOn(Message.Heartbeat.class::isInstance).hasSizeLessThan(10_000);
		this.atPrimary.messages.clear();
		Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> {
			this.worker.send(new Message.Heartbeat(WorkerMetrics.NONE, 0), null);
			assertThat(this.atPrimary.messages).hasAtLeastOneElementOfType(Message.Heartbeat.class);
		});
		assertThat(this.atWorker.ends).isEmpty();
	}

	@Test
	@Timeout(60)
	void heartbeatWaitsOnceBehindWhateverElseWaits() {
		this.worker.start();
		for (int i = 0; i < 20; i++) {
			this.worker.send(put(i, 100_000), null);
		}
		for (int i = 0; i < 3; i++) {
			this.worker.send(new Message.Heartbeat(WorkerMetrics.NONE, i), null);
		}
		this.worker.send(new Message.Drained(0), null);
		this.primary.start();
		await(() -> assertThat(this.atPrimary.messages).contains(new Message.Drained(0)));
		assertThat(this.atPrimary.messages).filteredOn(Message.Heartbeat.class::isInstance)
			.containsExactly(new Message.Heartbeat(WorkerMetrics.NONE, 0));
		assertThat(this.atPrimary.messages).filteredOn(Request.Put.class::isInstance).hasSize(20);
	}

	@Test
	@Timeout(60)
	void requestsForAPeerThatDoesNotReadTakeABoundedNumberOfBytes() {
		this.worker.start();
		for (int i = 0; i < 100; i++) {
			this.worker.send(put(i, 1024 * 1024), null);
		}
		this.worker.send(new Message.Drained(0), null);
		this.primary.start();
		await(() -> assertThat(this.atPrimary.messages).contains(new Message.Drained(0)));
		assertThat(this.atPrimary.messages).filteredOn(Request.Put.class::isInstance).hasSizeBetween(16, 18);
	}

	private static Request.Put put(int id, int length) {
		return new Request.Put(id, "key", ByteBuffer.allocate(length), Duration.ofHours(1), null, -1);
	}

	@Test
	void handlerThatFailsEndsTheChannel() {
		this.primary.start();
		this.atWorker.failure = new IllegalStateException("handler failed");
		this.worker.start();
		this.primary.send(new Message.OpenGate(), null);
		await(() -> assertThat(this.atWorker.ends).containsExactly("handler failed"));
		await(() -> assertThat(this.atPrimary.ends).hasSize(1));
	}

	@Test
	void handlerThatFailsWithAnErrorEndsTheChannel() {
		this.primary.start();
		this.atWorker.error = new NoClassDefFoundError("no such class");
		this.worker.start();
		this.primary.send(new Message.OpenGate(), null);
		await(() -> assertThat(this.atWorker.ends).containsExactly("no such class"));
		await(() -> assertThat(this.atPrimary.ends).hasSize(1));
	}

	static Stream<Message> socketPasses() {
		return Stream.of(new Message.Welcome(false), new Message.Assign(1, false), new Message.Adopt(1, false));
	}

	private static Descriptor duplicate(Descriptor descriptor) throws IOException {
		List<Descriptor> pair = UnixSocket.pair();
		List<Descriptor> received = new ArrayList<>();
		try (UnixSocket one = new UnixSocket(pair.get(0)); UnixSocket other = new UnixSocket(pair.get(1))) {
			one.send(new byte[1], List.of(descriptor));
			other.receive(received);
		}
		return received.get(0);
	}

	private void start() {
		this.primary.start();
		this.worker.start();
	}

	private static Message largeMessage() {
		return new Reply.Snapshot(1, snapshot(3000));
	}

	private static ClusterSnapshot snapshot(int workers) {
		Instant time = Instant.parse("2026-11-20T10:00:00Z");
		WorkerSnapshot worker = new WorkerSnapshot(1, 0, 1, 1, WorkerState.READY, time, time, 0, 0, WorkerMetrics.NONE);
		return new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(1, time), 8080, workers, 1,
				Stream.generate(() -> worker).limit(workers).toList(), List.of(), List.of(), null, null);
	}

	private static void await(Runnable assertion) {
		Awaitility.await().atMost(TIMEOUT).untilAsserted(assertion::run);
	}

	/**
	 * Remembers what arrives.
	 */
	private static final class Received implements MessageHandler {

		private final List<Message> messages = new CopyOnWriteArrayList<>();

		private final List<Descriptor> descriptors = new CopyOnWriteArrayList<>();

		private final List<String> ends = new CopyOnWriteArrayList<>();

		private volatile @Nullable RuntimeException failure;

		private volatile @Nullable Error error;

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
			if (this.failure != null) {
				throw this.failure;
			}
			if (this.error != null) {
				throw this.error;
			}
			if (descriptor != null) {
				this.descriptors.add(descriptor);
			}
			this.messages.add(message);
		}

		@Override
		public void onEnd(String reason) {
			this.ends.add(reason);
		}

	}

}
