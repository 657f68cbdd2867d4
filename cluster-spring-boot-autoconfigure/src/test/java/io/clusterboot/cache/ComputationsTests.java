package io.clusterboot.cache;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.store.MemoryStore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.cache.Cache.ValueRetrievalException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Computations}: who computes, and who waits.
 */
class ComputationsTests {

	private static final Duration SOON = Duration.ofSeconds(20);

	private static final Duration LONG = Duration.ofMinutes(10);

	private static final Duration SHORT = Duration.ofSeconds(2);

	private final MemoryStore store = new MemoryStore();

	private final WorkerLocks locks = new WorkerLocks();

	private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

	private final ExecutorService executor = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task);
		this.threads.add(thread);
		return thread;
	});

	private final AtomicInteger computed = new AtomicInteger();

	private final CountDownLatch released = new CountDownLatch(1);

	@AfterEach
	void end() throws InterruptedException {
		this.executor.shutdownNow();
		assertThat(this.executor.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.locks.held()).isZero();
	}

	private SharedCache worker(int id, Duration patience) {
		return new SharedCache("reports", new CautiousStore(this.store, LONG, System::nanoTime),
				new SharedValues(JsonMapper::new, null), this.locks.of(id), patience);
	}

	private CompletableFuture<Object> ask(SharedCache worker, Callable<Object> loader) {
		return CompletableFuture.supplyAsync(() -> worker.get("key", loader), this.executor);
	}

	private Callable<Object> waiting(Object value) {
		return () -> {
			this.computed.incrementAndGet();
			this.released.await();
			return value;
		};
	}

	private Callable<Object> quick(Object value) {
		return () -> {
			this.computed.incrementAndGet();
			return value;
		};
	}

	private void awaitComputing(int count) {
		Awaitility.await().atMost(SOON).until(() -> this.computed.get() == count);
	}

	// Of those of another worker who leads is awake now and then
	private void awaitWaiting(int count) {
		Awaitility.await()
			.atMost(SOON)
			.until(() -> this.threads.stream()
				.filter((thread) -> thread.getState() == Thread.State.WAITING
						|| thread.getState() == Thread.State.TIMED_WAITING)
				.count() >= count);
	}

	@Test
	void oneThreadOfOneWorkerComputesForAll() {
		List<CompletableFuture<Object>> answers = new ArrayList<>();
		for (int id = 1; id <= 4; id++) {
			SharedCache worker = worker(id, LONG);
			for (int i = 0; i < 50; i++) {
				answers.add(ask(worker, waiting(List.of("report"))));
			}
		}
		awaitComputing(1);
		awaitWaiting(197);
		this.released.countDown();
		assertThat(answers)
			.allSatisfy((answer) -> assertThat(answer).succeedsWithin(SOON).isEqualTo(List.of("report")));
		assertThat(this.computed).hasValue(1);
		assertThat(answers.stream().map(CompletableFuture::join).map(System::identityHashCode).distinct().count())
			.as("objects, so that nobody changes that of another")
			.isGreaterThan(190);
	}

	@Test
	void nextInLineComputesWhenTheWorkerEnds() {
		CompletableFuture<Object> dead = ask(worker(1, LONG), waiting("dead"));
		awaitComputing(1);
		SharedCache second = worker(2, LONG);
		SharedCache third = worker(3, LONG);
		List<CompletableFuture<Object>> others = List.of(ask(second, quick("report")), ask(second, quick("report")),
				ask(third, quick("report")));
		awaitWaiting(3);
		assertThat(others).noneMatch(CompletableFuture::isDone);
		this.locks.ended(1);
		assertThat(others).allSatisfy((answer) -> assertThat(answer).succeedsWithin(SOON).isEqualTo("report"));
		assertThat(this.computed).hasValue(2);
		this.released.countDown();
		assertThat(dead).succeedsWithin(SOON);
		assertThat(third.get("key", String.class)).as("what is kept").isEqualTo("report");
	}

	@Test
	void whoeverComputesInVainIsToldAndTheNextTries() {
		SharedCache worker = worker(1, LONG);
		CompletableFuture<Object> failing = ask(worker, () -> {
			this.computed.incrementAndGet();
			this.released.await();
			throw new IllegalStateException("no");
		});
		awaitComputing(1);
		List<CompletableFuture<Object>> others = List.of(ask(worker, quick("report")), ask(worker, quick("report")),
				ask(worker(2, LONG), quick("report")));
		awaitWaiting(3);
		this.released.countDown();
		assertThat(failing).failsWithin(SOON)
			.withThrowableThat()
			.withCauseInstanceOf(ValueRetrievalException.class)
			.havingRootCause()
			.withMessage("no");
		assertThat(others).allSatisfy((answer) -> assertThat(answer).succeedsWithin(SOON).isEqualTo("report"));
		assertThat(this.computed).hasValue(2);
	}

	@Test
	void nobodyWaitsForEverForAnotherWorker() {
		ask(worker(1, LONG), waiting("late"));
		awaitComputing(1);
		SharedCache second = worker(2, SHORT);
		List<CompletableFuture<Object>> others = List.of(ask(second, quick("report")), ask(second, quick("report")));
		assertThat(others).allSatisfy((answer) -> assertThat(answer).succeedsWithin(SOON).isEqualTo("report"));
		assertThat(this.computed).as("one thread of each worker").hasValue(2);
		this.released.countDown();
	}

	@Test
	void nobodyWaitsForEverForAnotherThread() {
		SharedCache worker = worker(1, SHORT);
		CompletableFuture<Object> hanging = ask(worker, waiting("late"));
		awaitComputing(1);
		List<CompletableFuture<Object>> others = List.of(ask(worker, quick("report")), ask(worker, quick("report")),
				ask(worker, quick("report")));
		assertThat(others).allSatisfy((answer) -> assertThat(answer).succeedsWithin(SOON).isEqualTo("report"));
		assertThat(this.computed).as("one more").hasValue(2);
		this.released.countDown();
		assertThat(hanging).succeedsWithin(SOON).isEqualTo("late");
		assertThat(worker.get("key", String.class)).as("what is kept").isEqualTo("report");
	}

	@Test
	void valueThatCannotBeKeptIsComputedOncePerWorker() {
		SharedCache worker = new SharedCache("reports", new CautiousStore(new MemoryStore(10), LONG, System::nanoTime),
				new SharedValues(JsonMapper::new, null), this.locks.of(1), LONG);
		List<CompletableFuture<Object>> answers = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			answers.add(ask(worker, waiting("x".repeat(100))));
		}
		awaitComputing(1);
		awaitWaiting(20);
		this.released.countDown();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(SOON).isEqualTo("x".repeat(100)));
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void silentPrimaryLeavesOneComputationPerWorker() {
		this.store.silent(true);
		SharedCache worker = worker(1, LONG);
		List<CompletableFuture<Object>> answers = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			answers.add(ask(worker, waiting("report")));
		}
		awaitComputing(1);
		awaitWaiting(20);
		this.released.countDown();
		assertThat(answers).allSatisfy((answer) -> assertThat(answer).succeedsWithin(SOON).isEqualTo("report"));
		assertThat(this.computed).hasValue(1);
	}

	@Test
	void whoeverIsInterruptedWaitsNoLonger() throws InterruptedException {
		SharedCache worker = worker(1, LONG);
		ask(worker, waiting("late"));
		awaitComputing(1);
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			assertThatExceptionOfType(ValueRetrievalException.class)
				.isThrownBy(() -> worker.get("key", quick("report")))
				.withCauseInstanceOf(InterruptedException.class);
			interrupted.complete(Thread.currentThread().isInterrupted());
		});
		thread.start();
		thread.interrupt();
		assertThat(interrupted).succeedsWithin(SOON).isEqualTo(true);
		thread.join();
		this.released.countDown();
	}

}
