package io.clusterboot.redis;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.ClusterAnswers;
import io.clusterboot.ClusterLock;
import io.clusterboot.store.ClusterStore;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.cache.Cache;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application may rely on that has several workers.
 */
abstract class SharedClusterContract extends ClusterContract {

	/**
	 * End a worker as a crash does.
	 * @param worker the worker
	 */
	abstract void crash(Worker worker);

	// How one worker calls another
	private static int seen(Worker from, Worker worker) throws InterruptedException {
		worker.cluster().broadcast(new Text("here")).join();
		assertThat(worker.heard().next()).startsWith("here");
		assertThat(from.heard().next()).startsWith("here");
		return from.heard().sender();
	}

	@Test
	void broadcastReachesAllInTheSameOrder() throws Exception {
		Worker one = start();
		Worker two = start();
		CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 50; i++) {
				two.cluster().broadcast(new Text("two " + i));
			}
		});
		for (int i = 0; i < 50; i++) {
			one.cluster().broadcast(new Text("one " + i));
		}
		other.join();
		for (int i = 0; i < 100; i++) {
			String text = one.heard().next();
			assertThat(text).isNotNull();
			assertThat(two.heard().next()).startsWith(text.substring(0, text.indexOf(" from")));
		}
	}

	@Test
	void messageGoesToOneAlone() throws Exception {
		Worker one = start();
		Worker two = start();
		int number = seen(one, two);
		assertThat(number).isNotEqualTo(one.cluster().id());
		one.cluster().send(number, new Text("alone")).join();
		assertThat(two.heard().next()).startsWith("alone");
		assertThat(one.cluster().request(number, new Question(1), Integer.class, TIMEOUT).join()).isEqualTo(2);
		assertThat(one.heard().all()).isEmpty();
	}

	@Test
	void allAreAsked() throws Exception {
		Worker one = start();
		Worker two = start();
		int number = seen(one, two);
		ClusterAnswers<Integer> answers = one.cluster().requestAll(new Question(1), Integer.class, TIMEOUT).join();
		assertThat(answers)
			.isEqualTo(new ClusterAnswers<>(Map.of(one.cluster().id(), 2, number, 2), Map.of(), Set.of(), Set.of()));
		BlockingQueue<Text> handled = new LinkedBlockingQueue<>();
		one.cluster().messages().handle("test-texts", Text.class, handled::add);
		two.cluster().messages().handle("test-texts", Text.class, handled::add);
		assertThat(one.cluster().messages().askAllHandlers(null, new Text("own"), TIMEOUT).isComplete()).isTrue();
		assertThat(handled).hasSize(2);
	}

	@Test
	void whatAWorkerHadEndsWithIt() throws Exception {
		Worker one = start();
		Worker two = start();
		int number = seen(one, two);
		CompletableFuture<Void> slow = new CompletableFuture<>();
		two.cluster().messages().handle("test-texts", Text.class, (text) -> slow.join());
		CompletableFuture<ClusterAnswers<Void>> answers = CompletableFuture
			.supplyAsync(() -> one.cluster().messages().askAllHandlers(null, new Text("slow"), TIMEOUT));
		one.cluster().request(number, new Question(1), Integer.class, TIMEOUT).join();
		assertThat(two.cluster().lock("both").tryLock(Duration.ofHours(1))).isNotNull();
		ClusterLock lock = one.cluster().lock("both");
		assertThat(lock.tryLock(TIMEOUT)).isNull();
		crash(two);
		assertThat(answers.join().left()).containsExactly(number);
		slow.complete(null);
		assertFails(one.cluster().request(number, new Question(1), Integer.class, TIMEOUT), "it is not there any more");
		Awaitility.await().atMost(TIMEOUT).until(() -> lock.tryLock(Duration.ofHours(1)), (held) -> held != null);
	}

	@Test
	void lastWordOnATopicIsHeardByWhoStartsLater() throws Exception {
		Worker one = start();
		one.cluster().retain("first topic", new Text("old")).join();
		one.cluster().retain("second topic", new Text("other")).join();
		one.cluster().retain("first topic", new Text("new")).join();
		Worker two = start();
		assertThat(two.heard().all()).hasSizeGreaterThanOrEqualTo(2);
		assertThat(two.heard().next()).startsWith("other from").endsWith("on second topic");
		assertThat(two.heard().next()).startsWith("new from").endsWith("on first topic");
		one.cluster().broadcast(new Text("after")).join();
		assertThat(two.heard().next()).startsWith("after");
	}

	@Test
	void whatOneWorkerKeepsAllHave() {
		ClusterStore one = start().store();
		ClusterStore two = start().store();
		one.put("both", new byte[] { 1 }, TIMEOUT, "group");
		ClusterStore.Entry kept = two.get("both");
		assertThat(kept).isNotNull();
		assertThat(kept.value()).containsExactly(1);
		assertThat(two.replace("both", new byte[] { 2 }, TIMEOUT, "group", kept.version())).isPositive();
		assertThat(one.replace("both", new byte[] { 3 }, TIMEOUT, "group", kept.version()))
			.isEqualTo(ClusterStore.ABSENT);
		assertThat(two.keys("group")).containsExactly("both");
		one.removeAll("group");
		assertThat(two.get("both")).isNull();
	}

	@Test
	void ofThoseWhoReplaceAtTheSameTimeOneWins() {
		List<ClusterStore> stores = List.of(start().store(), start().store());
		List<CompletableFuture<Void>> all = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			ClusterStore store = stores.get(i % 2);
			all.add(CompletableFuture.runAsync(() -> {
				for (int done = 0; done < 50;) {
					ClusterStore.Entry before = store.get("number");
					long number = (before != null) ? ByteBuffer.wrap(before.value()).getLong() : 0;
					byte[] next = ByteBuffer.allocate(Long.BYTES).putLong(number + 1).array();
					long version = (before != null) ? before.version() : ClusterStore.ABSENT;
					done += (store.replace("number", next, TIMEOUT, null, version) != ClusterStore.ABSENT) ? 1 : 0;
				}
			}));
		}
		all.forEach(CompletableFuture::join);
		ClusterStore.Entry after = stores.get(0).get("number");
		assertThat(after).isNotNull();
		assertThat(ByteBuffer.wrap(after.value()).getLong()).isEqualTo(200);
	}

	@Test
	void valueOfACacheIsThatOfAllWorkers() {
		Cache one = start().cache("owners");
		Cache two = start().cache("owners");
		one.put("a", new Text("x"));
		one.put("b", null);
		assertThat(two.get("a", Text.class)).isEqualTo(new Text("x"));
		assertThat(two.get("b")).isNotNull().extracting(Cache.ValueWrapper::get).isNull();
		two.evict("a");
		assertThat(one.get("a")).isNull();
		assertThat(one.get("b")).isNotNull();
		two.clear();
		assertThat(one.get("b")).isNull();
		assertThat(one.get("a", () -> {
			two.clear();
			return "old";
		})).isEqualTo("old");
		assertThat(two.get("a")).isNull();
	}

	@Test
	void missingValueIsComputedOnceForAllWorkers() {
		List<Cache> caches = List.of(start().cache("owners"), start().cache("owners"));
		AtomicInteger computed = new AtomicInteger();
		CountDownLatch all = new CountDownLatch(8);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<@Nullable String>> values = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				Cache cache = caches.get(i % 2);
				values.add(threads.submit(() -> {
					all.countDown();
					all.await();
					return cache.get("a", () -> {
						// Others have time to ask
						new CompletableFuture<>().completeOnTimeout(null, 300, TimeUnit.MILLISECONDS).join();
						return "value " + computed.incrementAndGet();
					});
				}));
			}
			assertThat(values).allSatisfy((value) -> assertThat(value.get()).isEqualTo("value 1"));
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(computed).hasValue(1);
	}

	@Test
	void workersCountTogether() {
		Worker one = start();
		Worker two = start();
		CompletableFuture<Void> other = CompletableFuture.runAsync(() -> {
			for (int i = 0; i < 200; i++) {
				two.cluster().counter("both").add(1);
			}
		});
		for (int i = 0; i < 200; i++) {
			one.cluster().counter("both").add(1);
		}
		other.join();
		assertThat(one.cluster().counter("both").get()).isEqualTo(400);
	}

}
