package io.clusterboot.primary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

import io.clusterboot.channel.ByteBudget;
import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import io.clusterboot.channel.MailFrame;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.MessageChannel;
import io.clusterboot.channel.MessageHandler;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.UnixSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Relay}, between workers whose channels are real.
 */
@Timeout(60)
class RelayTests {

	private static final int LARGE = 1024 * 1024;

	private final Relay relay = new Relay();

	private final List<TestWorker> workers = new ArrayList<>();

	@AfterEach
	void end() {
		this.workers.forEach(TestWorker::end);
	}

	@Test
	void letterGoesToWhomItIsFor() throws Exception {
		TestWorker one = join(1);
		TestWorker two = join(2);
		one.send(new Mail.Post(7, 2, false, letter("hello", null)));
		assertThat(one.next()).isEqualTo(new Mail.Posted(7, List.of(2), List.of(), null));
		assertThat(two.next()).isInstanceOfSatisfying(Mail.Delivery.class, (delivery) -> {
			assertThat(delivery.sender()).isEqualTo(1);
			assertThat(delivery.question()).isZero();
			assertThat(text(delivery.letter())).isEqualTo("hello");
		});
		one.send(new Mail.Post(8, 3, false, letter("hello", null)));
		assertThat(one.next()).isEqualTo(new Mail.Posted(8, List.of(), List.of(), null));
	}

	@Test
	void broadcastGoesToAllAndToTheSender() throws Exception {
		TestWorker one = join(1);
		TestWorker two = join(2);
		one.send(new Mail.Post(1, Mail.Post.ALL, false, letter("all", null)));
		assertThat(one.next()).isInstanceOf(Mail.Delivery.class);
		assertThat(two.next()).isInstanceOf(Mail.Delivery.class);
		assertThat(one.next()).isEqualTo(new Mail.Posted(1, List.of(1, 2), List.of(), null));
	}

	@Test
	void questionForAllGoesToThoseWhoseApplicationRuns() throws Exception {
		TestWorker one = join(1);
		TestWorker two = join(2);
		join(3);
		two.send(new Mail.Reads());
		two.send(new Mail.Post(1, 2, false, letter("a sign that the word before was heard", null)));
		two.next();
		two.next();
		one.send(new Mail.Post(5, Mail.Post.ALL, true, letter("who?", null)));
		assertThat(one.next()).as("who starts hears it too")
			.isInstanceOfSatisfying(Mail.Delivery.class, (delivery) -> assertThat(delivery.question()).isZero());
		assertThat(one.next()).isEqualTo(new Mail.Posted(5, List.of(2), List.of(), null));
		assertThat(two.next()).isInstanceOfSatisfying(Mail.Delivery.class,
				(delivery) -> assertThat(delivery.question()).isEqualTo(5));
		two.send(new Mail.Answer(1, 5, null, letter("me", null)));
		assertThat(one.next()).isInstanceOfSatisfying(Mail.Answered.class, (answered) -> {
			assertThat(answered.worker()).isEqualTo(2);
			assertThat(answered.question()).isEqualTo(5);
			assertThat(text(answered.letter())).isEqualTo("me");
		});
	}

	@Test
	void whoAsksHearsOfTheEndOfAWorker() throws Exception {
		TestWorker one = join(1);
		TestWorker two = join(2);
		one.send(new Mail.Post(5, 2, true, letter("who?", null)));
		two.next();
		two.end();
		assertThat(one.next()).isEqualTo(new Mail.Left(2));
	}

	@Test
	void lastWordOfEachTopicIsKeptForThoseWhoStartLater() throws Exception {
		TestWorker one = join(1);
		one.send(new Mail.Post(1, Mail.Post.ALL, false, letter("first", "users")));
		one.send(new Mail.Post(2, Mail.Post.ALL, false, letter("other", "ticks")));
		one.send(new Mail.Post(3, Mail.Post.ALL, false, letter("last", "users")));
		for (int i = 0; i < 6; i++) {
			one.next();
		}
		TestWorker late = join(2, false);
		List<String> heard = new ArrayList<>();
		for (Mail.Incoming mail = late.next(); mail instanceof Mail.Delivery delivery; mail = late.next()) {
			heard.add(text(delivery.letter()));
		}
		assertThat(heard).containsExactly("other", "last");
	}

	@Test
	void topicsTakeNoMoreMemoryThanThereIsForThemHoweverOftenTheyChange() throws Exception {
		TestWorker one = join(1);
		for (int i = 1; i <= 10; i++) {
			one.send(new Mail.Post(i, 2, false, letter("x".repeat(LARGE), "one")));
			assertThat(((Mail.Posted) one.next()).refusal()).isNull();
		}
		one.send(new Mail.Post(2, 2, false, letter("x".repeat(LARGE), "two")));
		assertThat(((Mail.Posted) one.next()).refusal()).contains("there is no room for this one");
		one.send(new Mail.Post(3, 2, false, letter("x", "one")));
		assertThat(((Mail.Posted) one.next()).refusal()).isNull();
		for (int i = 0; i < 1100; i++) {
			one.send(new Mail.Post(i, 2, false, letter("x", "topic " + i)));
		}
		for (int i = 0; i < 999; i++) {
			assertThat(((Mail.Posted) one.next()).refusal()).isNull();
		}
		assertThat(((Mail.Posted) one.next()).refusal()).contains("no room for one more");
	}

	@Test
	void workerThatIsStoppedLeavesRoomForTheOthers() throws Exception {
		TestWorker one = join(1);
		TestWorker three = join(3);
		List<Runnable> neverSent = new ArrayList<>();
		this.relay.joined(2, (frame, done) -> hold(frame, () -> neverSent.add(done)), () -> neverSent.add(null));
		int accepted = 0;
		for (int i = 0; i < 5; i++) {
			one.send(new Mail.Post(i, 2, false, letter("x".repeat(LARGE), null)));
			accepted += ((Mail.Posted) one.next()).recipients().size();
		}
		assertThat(accepted).isEqualTo(2);
		for (int i = 0; i < 10; i++) {
			one.send(new Mail.Post(i, 3, false, letter("x".repeat(LARGE), null)));
			assertThat(one.next()).isEqualTo(new Mail.Posted(i, List.of(3), List.of(), null));
			three.send(new Mail.Taken(((Mail.Delivery) three.next()).letter().size()));
			three.send(new Mail.Post(i, 3, false, letter("a sign that the word before was heard", null)));
			three.next();
			three.next();
		}
	}

	@Test
	void whoDoesNotTakeLettersCostsTheSenderAnErrorAndNobodyElseAnything() throws Exception {
		TestWorker one = join(1);
		TestWorker two = join(2);
		TestWorker three = join(3);
		for (int i = 1; i <= 3; i++) {
			one.send(new Mail.Post(i, 2, false, letter("x".repeat(LARGE), null)));
			assertThat(one.next()).isEqualTo(new Mail.Posted(i, List.of(2), List.of(), null));
			assertThat(two.next()).isInstanceOf(Mail.Delivery.class);
		}
		one.send(new Mail.Post(4, 2, false, letter("x".repeat(LARGE), null)));
		assertThat(one.next()).isEqualTo(new Mail.Posted(4, List.of(), List.of(2), null));
		one.send(new Mail.Post(5, 3, false, letter("x".repeat(LARGE), null)));
		assertThat(one.next()).isEqualTo(new Mail.Posted(5, List.of(3), List.of(), null));
		assertThat(three.next()).isInstanceOf(Mail.Delivery.class);
	}

	@Test
	void roomIsThereAgainForWhatIsTaken() throws Exception {
		TestWorker one = join(1);
		TestWorker two = join(2);
		for (int i = 1; i <= 20; i++) {
			one.send(new Mail.Post(i, 2, false, letter("x".repeat(LARGE), null)));
			assertThat(one.next()).isEqualTo(new Mail.Posted(i, List.of(2), List.of(), null));
			Letter letter = ((Mail.Delivery) two.next()).letter();
			two.send(new Mail.Taken(letter.size()));
			two.send(new Mail.Post(i, 2, false, letter("a sign that the word before was heard", null)));
			two.next();
			two.next();
			two.send(new Mail.Taken(Integer.MIN_VALUE));
		}
	}

	@Test
	void whoNeverReadsWhatItAskedForIsCutOff() throws Exception {
		CountDownLatch cut = new CountDownLatch(1);
		this.relay.joined(9, RelayTests::hold, cut::countDown);
		for (int i = 0; cut.getCount() > 0 && i < 100_000; i++) {
			this.relay.received(9, new Mail.Post(i, 8, false, letter("x", null)));
		}
		assertThat(cut.getCount()).isZero();
	}

	@Test
	void nothingThatWorkersSendKeepsOthersFromTalking() throws Exception {
		TestWorker one = join(1);
		TestWorker two = join(2);
		TestWorker hostile = join(3);
		RandomGenerator random = new SplittableRandom(17);
		for (int i = 0; i < 10_000; i++) {
			hostile.send(mail(random));
		}
		one.send(new Mail.Post(-7, 2, false, letter("hello", null)));
		for (Mail.Incoming mail = one.next(); !isAccepted(mail); mail = one.next()) {
			// It may have come while the memory was full
			if (mail instanceof Mail.Posted) {
				one.send(new Mail.Post(-7, 2, false, letter("hello", null)));
			}
		}
		Mail.Incoming heard = two.next();
		while (!(heard instanceof Mail.Delivery delivery && text(delivery.letter()).equals("hello"))) {
			heard = two.next();
		}
	}

	private static boolean isAccepted(Mail.Incoming mail) {
		return mail instanceof Mail.Posted posted && posted.recipients().equals(List.of(2));
	}

	private static Mail.Outgoing mail(RandomGenerator random) {
		int worker = random.nextInt(-1, 5);
		Letter letter = letter("x".repeat(random.nextInt(300)),
				(random.nextInt(5) == 0) ? "t".repeat(random.nextInt(300)) : null);
		return switch (random.nextInt(4)) {
			case 0 -> new Mail.Post(random.nextLong(), worker, random.nextBoolean(), letter);
			case 1 -> new Mail.Answer(worker, random.nextLong(), (random.nextBoolean()) ? "failed" : null, letter);
			case 2 -> new Mail.Taken(random.nextInt());
			default -> new Mail.Reads();
		};
	}

	// A channel that is never started sends nothing
	private static void hold(MailFrame frame, Runnable done) {
		try {
			List<Descriptor> pair = UnixSocket.pair();
			new MessageChannel(pair.get(0), "never-started", new Nobody(), new ByteBudget(0)).post(frame, done);
			pair.forEach(Descriptor::close);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private TestWorker join(int id) throws Exception {
		return join(id, true);
	}

	private TestWorker join(int id, boolean catchUp) throws Exception {
		TestWorker worker = new TestWorker(id);
		this.workers.add(worker);
		if (catchUp) {
			assertThat(worker.next()).isInstanceOf(Mail.CaughtUp.class);
		}
		return worker;
	}

	private static Letter letter(String text, @Nullable String topic) {
		return new Letter("text", topic, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
	}

	private static String text(Letter letter) {
		return StandardCharsets.UTF_8.decode(letter.body().duplicate()).toString();
	}

	private static class Nobody implements MessageHandler {

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
		}

		@Override
		public void onEnd(String reason) {
		}

	}

	/**
	 * Both ends of a worker's channel.
	 */
	private final class TestWorker extends Nobody {

		private final BlockingQueue<Mail.Incoming> received = new LinkedBlockingQueue<>();

		private final MessageChannel primary;

		private final MessageChannel channel;

		TestWorker(int id) throws IOException {
			List<Descriptor> pair = UnixSocket.pair();
			this.primary = new MessageChannel(pair.get(0), "primary", new Nobody() {

				@Override
				public void onMessage(Message message, @Nullable Descriptor descriptor) {
					RelayTests.this.relay.received(id, (Mail.Outgoing) message);
				}

				@Override
				public void onEnd(String reason) {
					RelayTests.this.relay.left(id);
				}

			}, new ByteBudget(0));
			this.channel = new MessageChannel(pair.get(1), "worker", this, new ByteBudget(0));
			this.primary.start();
			this.channel.start();
			RelayTests.this.relay.joined(id, this.primary::post, this.primary::end);
		}

		@Override
		public void onMessage(Message message, @Nullable Descriptor descriptor) {
			this.received.add((Mail.Incoming) message);
		}

		void send(Mail mail) {
			this.channel.send(mail, null);
		}

		Mail.Incoming next() throws InterruptedException {
			Mail.Incoming mail = this.received.poll(20, TimeUnit.SECONDS);
			assertThat(mail).as("mail").isNotNull();
			return mail;
		}

		void end() {
			this.channel.end();
		}

	}

}
