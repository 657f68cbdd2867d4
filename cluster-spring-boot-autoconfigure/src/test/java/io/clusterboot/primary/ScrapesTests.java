package io.clusterboot.primary;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.channel.Message;
import io.clusterboot.channel.Numbers;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.numbers.Ledger;
import io.clusterboot.numbers.Merge;
import io.clusterboot.numbers.Series;
import io.clusterboot.numbers.Totals;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Scrapes}.
 */
@Timeout(60)
class ScrapesTests {

	private static final Series REQUESTS = new Series(Merge.TOTAL, "requests");

	private final List<String> warnings = new CopyOnWriteArrayList<>();

	private final Scrapes scrapes = new Scrapes(this.warnings::add);

	private final Map<Integer, Worker> workers = new ConcurrentHashMap<>();

	@Test
	void answerIsOfAllAsTheyAreNow() throws IOException {
		Worker one = join(1);
		Worker two = join(2);
		one.count(10);
		two.count(5);
		one.report(0);
		two.report(0);
		one.count(11);
		two.count(6);
		assertThat(ask(one, 7)).containsEntry("requests", 17.0);
		assertThat(one.pages(7)).hasSize(1)
			.allSatisfy((page) -> assertThat(page.ages().keySet()).containsExactlyInAnyOrder(1, 2));
	}

	@Test
	void reportsAreConfirmed() {
		Worker one = join(1);
		one.report(0);
		assertThat(one.heard).containsExactly(new Numbers.Heard());
	}

	@Test
	void workerThatSaysNothingIsNotWaitedForLong() throws IOException {
		Worker one = join(1);
		Worker stopped = join(2);
		one.count(1);
		one.report(0);
		stopped.count(2);
		stopped.report(0);
		stopped.stopped = true;
		long start = System.nanoTime();
		assertThat(ask(one, 1)).containsEntry("requests", 3.0);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(900));
		assertThat(one.pages(1).get(0).ages().get(2)).isGreaterThan(one.pages(1).get(0).ages().get(1));
	}

	@Test
	void workerThatDiesIsNotWaitedForAndRemainsCounted() throws IOException {
		Worker one = join(1);
		Worker two = join(2);
		two.count(2);
		two.report(0);
		one.count(1);
		one.report(0);
		this.scrapes.left(2);
		assertThat(ask(one, 1)).containsEntry("requests", 3.0);
		assertThat(one.pages(1).get(0).ages()).containsOnlyKeys(1);
	}

	@Test
	void questionsOfTwoWithTheSameNumberAreBothAnswered() {
		Worker one = join(1);
		Worker two = join(2);
		this.scrapes.asked(1, new Request.Numbers(1));
		this.scrapes.asked(2, new Request.Numbers(1));
		Awaitility.await().until(() -> !one.pages(1).isEmpty() && !two.pages(1).isEmpty());
	}

	@Test
	void longAnswerComesInPages() throws IOException {
		Worker one = join(1);
		one.more = 5000;
		one.report(0);
		assertThat(ask(one, 1)).hasSize(5001);
		assertThat(one.pages(1)).hasSizeGreaterThan(1);
		assertThat(one.pages(1).stream().filter(Reply.Numbers::last)).hasSize(1);
	}

	@Test
	void seriesWithoutRoomAreCountedAndSaidOnce() throws IOException {
		Worker one = join(1);
		one.more = 20_000;
		one.report(0);
		one.report(0);
		ask(one, 1);
		assertThat(one.pages(1).get(0).dropped()).isGreaterThan(1000);
		assertThat(this.warnings).hasSize(1).first().asString().contains("left out");
	}

	@Test
	void strangersAreIgnored() {
		this.scrapes.asked(9, new Request.Numbers(1));
		this.scrapes.received(9, new Numbers.Report(ByteBuffer.allocate(0), true, 0, 0));
		this.scrapes.left(9);
		assertThat(this.warnings).isEmpty();
	}

	private Worker join(int id) {
		Worker worker = new Worker(id);
		this.workers.put(id, worker);
		this.scrapes.joined(id, worker::hear);
		return worker;
	}

	private Map<String, Double> ask(Worker worker, long id) throws IOException {
		this.scrapes.asked(worker.id, new Request.Numbers(id));
		Awaitility.await().pollInterval(Duration.ofMillis(5)).until(() -> worker.isAnswered(id));
		return Totals.read(worker.pages(id).stream().map(Reply.Numbers::page).toList());
	}

	/**
	 * Answers at once, on a thread of its own as a channel does.
	 */
	private final class Worker {

		private final int id;

		private final Ledger ledger = new Ledger();

		private final List<Message> heard = new CopyOnWriteArrayList<>();

		private volatile boolean stopped;

		private volatile int more;

		private volatile double requests;

		Worker(int id) {
			this.id = id;
		}

		void count(double requests) {
			this.requests = requests;
		}

		void hear(Message message) {
			this.heard.add(message);
			if (message instanceof Numbers.Wanted wanted && !this.stopped) {
				new Thread(() -> report(wanted.round())).start();
			}
		}

		synchronized void report(long round) {
			Map<Series, Double> numbers = new ConcurrentHashMap<>(Map.of(REQUESTS, this.requests));
			for (int i = 0; i < this.more; i++) {
				numbers.put(new Series(Merge.LAST, "a series with a long name and the number " + i), 1.0);
			}
			List<ByteBuffer> frames = new ArrayList<>(this.ledger.changes(numbers));
			for (int i = 0; i < frames.size(); i++) {
				ScrapesTests.this.scrapes.received(this.id,
						new Numbers.Report(frames.get(i), i == frames.size() - 1, round, this.ledger.dropped()));
			}
		}

		List<Reply.Numbers> pages(long id) {
			return this.heard.stream()
				.filter(Reply.Numbers.class::isInstance)
				.map(Reply.Numbers.class::cast)
				.filter((page) -> page.id() == id)
				.toList();
		}

		boolean isAnswered(long id) {
			return pages(id).stream().anyMatch(Reply.Numbers::last);
		}

	}

}
