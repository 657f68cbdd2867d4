package io.clusterboot.primary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.clusterboot.channel.ByteBudget;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.MessageChannel;
import io.clusterboot.channel.MessageHandler;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.UnixSocket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StoreAnswers}.
 */
class StoreAnswersTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final int MEGABYTE = 1024 * 1024;

	private final List<String> warnings = new ArrayList<>();

	private final StoreAnswers answers = new StoreAnswers(4 * MEGABYTE, this.warnings::add);

	@Test
	void whatOneWorkerHasKeptAllFind() {
		long version = version(answer(new Request.Put(1, "key", bytes("value"), HOUR, "group", -1)));
		assertThat(version).isPositive();
		assertThat(answer(new Request.Get(2, "key", null))).isEqualTo(new Reply.Kept(2, bytes("value"), version));
		assertThat(answer(new Request.Get(3, "other", HOUR))).isEqualTo(new Reply.Kept(3, null, 0));
		assertThat(answer(new Request.Put(4, "key", bytes("new"), HOUR, "group", 0)))
			.isEqualTo(new Reply.Version(4, 0));
		assertThat(version(answer(new Request.Put(5, "key", bytes("new"), HOUR, "group", version))))
			.isGreaterThan(version);
		assertThat(answer(new Request.Keys(6, "group"))).isEqualTo(new Reply.Keys(6, List.of("key")));
		assertThat(answer(new Request.Remove(7, "key"))).isEqualTo(new Reply.Removed(7, true));
		assertThat(answer(new Request.Remove(8, "key"))).isEqualTo(new Reply.Removed(8, false));
		answer(new Request.Put(9, "key", bytes("value"), HOUR, "group", -1));
		assertThat(this.answers.snapshot().entries()).isOne();
		assertThat(answer(new Request.RemoveAll(10, "group"))).isEqualTo(new Reply.Removed(10, true));
		assertThat(this.answers.snapshot().entries()).isZero();
	}

	@Test
	void whateverIsSaidHasAnAnswer() {
		String tooLong = "x".repeat(MEGABYTE);
		List<Request.OfStore> requests = List.of(new Request.Get(1, tooLong, null),
				new Request.Get(2, "key", Duration.ZERO), new Request.Get(3, "key", Duration.ofSeconds(Long.MIN_VALUE)),
				new Request.Put(4, tooLong, bytes(""), HOUR, null, -1),
				new Request.Put(5, "key", bytes(""), HOUR, tooLong, -1),
				new Request.Put(6, "key", bytes(""), Duration.ZERO, null, -1),
				new Request.Put(7, "key", ByteBuffer.allocate(MEGABYTE + 1), HOUR, null, -1),
				new Request.Remove(8, tooLong), new Request.Keys(9, tooLong), new Request.RemoveAll(10, tooLong));
		for (Request.OfStore request : requests) {
			assertThat(answer(request)).isInstanceOf(Reply.Invalid.class).extracting(Reply::id).isEqualTo(request.id());
		}
		assertThat(answer(new Request.Put(11, "key", bytes(""), HOUR, null, Long.MIN_VALUE)))
			.isEqualTo(new Reply.Version(11, 0));
		assertThat(answer(new Request.Put(12, "", bytes(""), Duration.ofSeconds(Long.MAX_VALUE), "", 0)))
			.isInstanceOf(Reply.Version.class);
	}

	@Test
	void storeWithoutSizeSaysWhy() {
		StoreAnswers none = new StoreAnswers(0, this.warnings::add);
		List<Message> sent = new ArrayList<>();
		none.asked(new Request.Put(1, "key", bytes("value"), HOUR, null, -1), sent::add);
		assertThat(sent).singleElement()
			.isInstanceOfSatisfying(Reply.Invalid.class,
					(reply) -> assertThat(reply.reason()).contains("'cluster.store.max-size' is 0"));
		assertThat(none.snapshot().refusals()).isOne();
	}

	@Test
	void storeThatIsFullSaysSoOnce() {
		for (int i = 0; i < 3; i++) {
			answer(new Request.Put(i, "key" + i, ByteBuffer.allocate(MEGABYTE), HOUR, null, -1));
		}
		assertThat(this.warnings).isEmpty();
		for (int i = 3; i < 10; i++) {
			answer(new Request.Put(i, "key" + i, ByteBuffer.allocate(MEGABYTE), HOUR, null, -1));
		}
		assertThat(this.answers.snapshot().evictions()).isGreaterThan(1);
		assertThat(this.warnings).singleElement().asString().contains("'cluster.store.max-size', which is 4194304");
	}

	@Test
	@Timeout(60)
	void workerThatAsksAndDoesNotReadLeavesRoomForTheOthers() throws IOException {
		ByteBudget budget = new ByteBudget(4L * MEGABYTE);
		answer(new Request.Put(1, "large", ByteBuffer.allocate(MEGABYTE), HOUR, null, -1));
		answer(new Request.Put(2, "key", bytes("value"), HOUR, null, -1));
		Peer stopped = new Peer(budget);
		Peer other = new Peer(budget);
		for (int i = 0; i < 1000; i++) {
			this.answers.asked(new Request.Get(i, "large", null), stopped.primary);
			this.answers.asked(new Request.Get(i, "key", null), stopped.primary);
		}
		other.read();
		this.answers.asked(new Request.Get(3, "large", null), other.primary);
		Awaitility.await().untilAsserted(() -> assertThat(other.received).hasSize(1));
		assertThat(other.received.get(0)).isInstanceOf(Reply.Kept.class);
		stopped.read();
		Awaitility.await().untilAsserted(() -> assertThat(stopped.received).hasSizeGreaterThan(10));
		assertThat(stopped.received)
			.filteredOn((message) -> message instanceof Reply.Kept kept && kept.value() != null
					&& kept.value().remaining() == MEGABYTE)
			.hasSizeBetween(1, 2);
		assertThat(stopped.received).hasAtLeastOneElementOfType(Reply.Refusal.class);
		// What is short has come through all the same
		assertThat(stopped.received).contains(new Reply.Kept(1, bytes("value"), 2));
		stopped.close();
		other.close();
	}

	private Reply answer(Request.OfStore request) {
		List<Message> sent = new ArrayList<>();
		this.answers.asked(request, sent::add);
		assertThat(sent).hasSize(1);
		return (Reply) sent.get(0);
	}

	private static long version(Reply reply) {
		return ((Reply.Version) reply).version();
	}

	private static ByteBuffer bytes(String text) {
		return ByteBuffer.wrap(text.getBytes());
	}

	/**
	 * A worker that may not read.
	 */
	private static final class Peer implements MessageHandler {

		private final List<Message> received = new CopyOnWriteArrayList<>();

		private final MessageChannel channel;

		private final MessageChannel worker;

		private final Consumer<Message> primary;

		Peer(ByteBudget budget) throws IOException {
			List<Descriptor> pair = UnixSocket.pair();
			this.channel = new MessageChannel(pair.get(0), "primary", new Peer.Nobody(), budget);
			this.worker = new MessageChannel(pair.get(1), "worker", this, new ByteBudget(0));
			this.primary = (message) -> this.channel.send(message, null);
			this.channel.start();
		}

		void read() {
			this.worker.start();
		}

		void close() {
			this.channel.end();
		}

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
			this.received.add(message);
		}

		@Override
		public void onEnd(String reason) {
		}

		/**
		 * Hears nothing.
		 */
		private static final class Nobody implements MessageHandler {

			@Override
			public void onMessage(Message message, @Nullable Descriptor descriptor) {
			}

			@Override
			public void onEnd(String reason) {
			}

		}

	}

}
