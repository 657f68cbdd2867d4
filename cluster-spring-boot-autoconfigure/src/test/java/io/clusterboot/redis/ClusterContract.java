package io.clusterboot.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.clusterboot.ClusterCounter;
import io.clusterboot.ClusterLock;
import io.clusterboot.MessageException;
import io.clusterboot.cache.SharedCacheManager;
import io.clusterboot.message.ClusterMessage;
import io.clusterboot.store.ClusterStore;
import io.clusterboot.worker.messages.TalkingCluster;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cache.Cache;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What an application may rely on, whatever it is that its workers share. Names differ
 * from test to test, because what they are shared on may be one for all.
 */
abstract class ClusterContract extends StoreContract {

	private final List<Worker> workers = new ArrayList<>();

	/**
	 * Start a worker of the cluster.
	 * @return the worker, whose application has started
	 */
	abstract Worker create();

	@Override
	Worker start() {
		Worker worker = create();
		this.workers.add(worker);
		return worker;
	}

	@AfterEach
	void endAll() {
		this.workers.forEach((worker) -> worker.end().run());
	}

	@Test
	void broadcastIsHeardByItsSenderInOrder() throws Exception {
		Worker one = start();
		for (int i = 0; i < 100; i++) {
			one.cluster().broadcast(new Text("number " + i)).join();
		}
		for (int i = 0; i < 100; i++) {
			assertThat(one.heard().next()).isEqualTo("number %d from %d on null", i, one.cluster().id());
		}
	}

	@Test
	void requestIsAnsweredOrFailsWithTheReason() {
		Worker one = start();
		int id = one.cluster().id();
		assertThat(one.cluster().request(id, new Question(20), Integer.class, TIMEOUT).join()).isEqualTo(21);
		assertThat(one.cluster().request(id, new Text("nobody answers"), Void.class, TIMEOUT).join()).isNull();
		assertFails(one.cluster().request(id, new Question(-1), Integer.class, TIMEOUT), "it must not be negative");
		assertFails(one.cluster().request(id, 5L, Integer.class, TIMEOUT), "nobody there listens to a java.lang.Long");
		assertFails(one.cluster().request(999, new Question(1), Integer.class, TIMEOUT), "it is not there any more");
		assertFails(one.cluster().send(999, new Text("")), "There is no worker 999");
		assertThat(one.cluster().requestAll(new Question(-1), Integer.class, TIMEOUT).join().failures().get(id))
			.contains("negative");
	}

	@Test
	void lettersAreAsLongAsTheyMayBe() throws Exception {
		Worker one = start();
		String text = "x".repeat(1024 * 1024 - 20);
		one.cluster().send(one.cluster().id(), new Text(text)).join();
		assertThat(one.heard().next()).isEqualTo("%s from %d on null", text, one.cluster().id());
		assertThatIllegalArgumentException().isThrownBy(() -> one.cluster().broadcast(new Text(text + text)))
			.withMessageContaining("over the 1048576 bytes");
	}

	@Test
	void counterCounts() {
		ClusterCounter counter = start().cluster().counter("one");
		assertThat(counter.get()).isZero();
		assertThat(counter.addAndGet(5)).isEqualTo(5);
		assertThat(counter.addAndGet(-7)).isEqualTo(-2);
		assertThat(counter.get()).isEqualTo(-2);
		assertThat(counter.addAndGet(Long.MIN_VALUE)).isEqualTo(Long.MAX_VALUE - 1);
		assertThat(counter.addAndGet(3)).isEqualTo(Long.MIN_VALUE + 1);
	}

	@Test
	void lockIsHeldOnce() {
		ClusterLock lock = start().cluster().lock("one");
		ClusterLock.Held held = lock.tryLock(TIMEOUT);
		assertThat(held).isNotNull();
		assertThat(lock.tryLock(TIMEOUT)).isNull();
		assertThat(held.extend(TIMEOUT)).isTrue();
		assertThat(held.unlock()).isTrue();
		assertThat(held.unlock()).isFalse();
		assertThat(held.extend(TIMEOUT)).isFalse();
		ClusterLock.Held next = lock.tryLock(TIMEOUT);
		assertThat(next).isNotNull();
		assertThat(held.unlock()).isFalse();
		assertThat(lock.tryLock(TIMEOUT)).isNull();
		assertThat(next.unlock()).isTrue();
	}

	@Test
	void semaphoreIsHeldByAsManyAsMay() {
		ClusterLock semaphore = start().cluster().semaphore("several", 2);
		ClusterLock.Held first = semaphore.tryLock(TIMEOUT);
		ClusterLock.Held second = semaphore.tryLock(TIMEOUT);
		assertThat(first).isNotNull();
		assertThat(second).isNotNull();
		assertThat(semaphore.tryLock(TIMEOUT)).isNull();
		assertThat(first.unlock()).isTrue();
		assertThat(second.extend(Duration.ofMillis(300))).isTrue();
		assertThat(semaphore.tryLock(TIMEOUT)).isNotNull();
		assertThat(first.extend(TIMEOUT)).isFalse();
		Awaitility.await().atMost(TIMEOUT).until(() -> semaphore.tryLock(TIMEOUT), (held) -> held != null);
		assertThat(second.unlock()).isFalse();
		assertThat(semaphore.tryLock(TIMEOUT)).isNull();
	}

	@Test
	void lockIsHeldAsLongAsItIsSaid() {
		ClusterLock lock = start().cluster().lock("timed");
		ClusterLock.Held held = lock.tryLock(Duration.ofMillis(300));
		assertThat(held).isNotNull();
		ClusterLock.Held next = Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> lock.tryLock(TIMEOUT), (it) -> it != null);
		assertThat(held.unlock()).isFalse();
		assertThat(held.extend(TIMEOUT)).isFalse();
		assertThat(next.extend(TIMEOUT, Duration.ofMillis(700))).isTrue();
		long unlocked = System.nanoTime();
		assertThat(next.unlock()).isTrue();
		assertThat(next.extend(TIMEOUT)).isFalse();
		Awaitility.await().atMost(TIMEOUT).until(() -> lock.tryLock(Duration.ZERO), (it) -> it != null);
		assertThat(Duration.ofNanos(System.nanoTime() - unlocked)).isGreaterThan(Duration.ofMillis(500));
		assertThat(lock.tryLock(TIMEOUT)).isNotNull();
	}

	@Test
	void requestForTheClusterItselfIsHeardByWhoHandlesIt() {
		Worker one = start();
		BlockingQueue<Text> handled = new LinkedBlockingQueue<>();
		one.cluster().messages().handle("test-texts", Text.class, handled::add);
		assertThat(one.cluster().messages().askAllHandlers(null, new Text("own"), TIMEOUT).isComplete()).isTrue();
		assertThat(handled).containsExactly(new Text("own"));
	}

	static void assertFails(CompletableFuture<?> future, String reason) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(future::join)
			.withCauseInstanceOf(MessageException.class)
			.withMessageContaining(reason);
	}

	/**
	 * A worker.
	 *
	 * @param cluster its cluster
	 * @param store its store
	 * @param heard what it has heard
	 * @param end ends it
	 */
	record Worker(TalkingCluster cluster, ClusterStore store, Heard heard, Runnable end) {

		Cache cache(String name) {
			return new SharedCacheManager(this.store, this.cluster::lock, TIMEOUT, JsonMapper::new,
					getClass().getClassLoader())
				.getCache(name);
		}

	}

	record Text(String text) {

	}

	record Question(int number) {

	}

	/**
	 * Listens to everything.
	 */
	static class Heard {

		private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();

		private volatile int sender;

		@EventListener
		void onText(ClusterMessage<Text> message) {
			this.sender = message.sender();
			this.texts.add("%s from %d on %s".formatted(message.payload().text(), message.sender(), message.topic()));
		}

		@EventListener
		int onQuestion(ClusterMessage<Question> message) {
			if (message.payload().number() < 0) {
				throw new IllegalStateException("it must not be negative");
			}
			return message.payload().number() + 1;
		}

		@Nullable String next() throws InterruptedException {
			return this.texts.poll(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}

		Set<String> all() {
			return Set.copyOf(this.texts);
		}

		int sender() {
			return this.sender;
		}

	}

}
