package io.clusterboot.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

import io.clusterboot.ClusterOperations;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.WorkerSnapshot;
import io.clusterboot.WorkerState;
import io.clusterboot.contract.WorkerIdentity;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests for {@link ClusterHealthIndicator}.
 */
class ClusterHealthIndicatorTests {

	private static final Instant TIME = Instant.parse("2026-11-20T10:00:00Z");

	private final ClusterOperations operations = Mockito.mock(ClusterOperations.class);

	private final ClusterHealthIndicator indicator = new ClusterHealthIndicator(this.operations, Duration.ofMinutes(1));

	@Test
	void healthWhenNoSlotHasFailedIsUp() {
		assertThat(health(cluster(2, List.of(), ready(0), ready(1)))).satisfies((health) -> {
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat(health.getDetails()).containsExactly(entry("failedSlots", List.of()), entry("target", 2),
					entry("ready", 2L));
		});
	}

	@Test
	void healthWhenSomeSlotsHaveFailedIsDegraded() {
		assertThat(health(cluster(3, List.of(0, 2), ready(1)))).satisfies((health) -> {
			assertThat(health.getStatus()).isEqualTo(ClusterHealthIndicator.DEGRADED);
			assertThat(health.getDetails()).containsExactly(entry("failedSlots", List.of(0, 2)), entry("target", 3),
					entry("ready", 1L));
		});
	}

	@Test
	void healthWhenAllSlotsHaveFailedIsDown() {
		assertThat(health(cluster(2, List.of(0, 1))).getStatus()).isEqualTo(Status.DOWN);
		assertThat(health(cluster(1, List.of(0))).getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void readyCountsSlotsAndNeitherSparesNorWorkersThatAreHandedOver() {
		Health health = health(cluster(2, List.of(), ready(0), ready(0), worker(1, WorkerState.DRAINING),
				ready(WorkerIdentity.NO_SLOT)));
		assertThat(health.getDetails()).containsEntry("ready", 1L);
	}

	@Test
	void healthWhenPrimaryIsUnavailableIsUnknownWithTheReason() {
		BDDMockito.given(this.operations.snapshot())
			.willThrow(new PrimaryUnavailableException("The cluster is stopping", null));
		Health health = this.indicator.health();
		assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health.getDetails()).containsExactly(entry("reason", "The cluster is stopping"));
	}

	@Test
	@Timeout(60)
	void healthWhenPrimaryDoesNotAnswerWaitsOnceAndNotLong() {
		SlowAnswers answers = new SlowAnswers();
		BDDMockito.given(this.operations.snapshot()).willAnswer((call) -> answers.next());
		ClusterHealthIndicator patient = new ClusterHealthIndicator(this.operations, Duration.ofSeconds(1));
		long begin = System.nanoTime();
		for (int i = 0; i < 100; i++) {
			Health health = patient.health();
			assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
			assertThat(health.getDetails()).containsExactly(entry("reason", "The primary does not answer"));
		}
		assertThat(Duration.ofNanos(System.nanoTime() - begin)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(3));
		assertThat(answers.asked()).isOne();
		answers.fail();
		awaitStatus(patient, Status.UNKNOWN);
		Awaitility.await().until(() -> answers.asked() == 2);
		answers.answer(cluster(1, List.of(), ready(0)));
		answers.answerFromNowOn(cluster(1, List.of(), ready(0)));
		awaitStatus(patient, Status.UP);
	}

	@Test
	@Timeout(60)
	void healthForManyAtOnceAsksOnce() throws Exception {
		SlowAnswers answers = new SlowAnswers();
		BDDMockito.given(this.operations.snapshot()).willAnswer((call) -> answers.next());
		List<CompletableFuture<Health>> asking = new ArrayList<>();
		List<Thread> threads = IntStream.range(0, 10).mapToObj((i) -> {
			CompletableFuture<Health> health = new CompletableFuture<>();
			asking.add(health);
			return new Thread(() -> health.complete(this.indicator.health()));
		}).toList();
		threads.forEach(Thread::start);
		Awaitility.await()
			.until(() -> threads.stream().allMatch((thread) -> thread.getState() == Thread.State.TIMED_WAITING));
		answers.answer(cluster(1, List.of(), ready(0)));
		for (CompletableFuture<Health> health : asking) {
			assertThat(health.get().getStatus()).isEqualTo(Status.UP);
		}
		assertThat(answers.asked()).isOne();
	}

	private void awaitStatus(ClusterHealthIndicator indicator, Status status) {
		Awaitility.await().until(() -> indicator.health().getStatus().equals(status));
	}

	private Health health(ClusterSnapshot cluster) {
		BDDMockito.given(this.operations.snapshot()).willReturn(cluster);
		return this.indicator.health();
	}

	private static ClusterSnapshot cluster(int target, List<Integer> failedSlots, WorkerSnapshot... workers) {
		return new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(1, TIME), 8080, target, 1,
				Arrays.asList(workers), failedSlots, null);
	}

	private static WorkerSnapshot ready(int slot) {
		return worker(slot, WorkerState.READY);
	}

	private static WorkerSnapshot worker(int slot, WorkerState state) {
		return new WorkerSnapshot(1, slot, 1, 1, state, TIME, TIME, 0, WorkerMetrics.NONE);
	}

	/**
	 * A primary that answers when it is told to.
	 */
	private static final class SlowAnswers {

		private final BlockingQueue<CompletableFuture<ClusterSnapshot>> questions = new LinkedBlockingQueue<>();

		private volatile int asked;

		private volatile ClusterSnapshot always;

		ClusterSnapshot next() throws Exception {
			this.asked++;
			if (this.always != null) {
				return this.always;
			}
			CompletableFuture<ClusterSnapshot> question = new CompletableFuture<>();
			this.questions.add(question);
			return question.exceptionally((ex) -> {
				throw new PrimaryUnavailableException("The primary did not answer within 5 s", ex);
			}).get();
		}

		int asked() {
			return this.asked;
		}

		void fail() throws IllegalStateException {
			take().completeExceptionally(new IllegalStateException());
		}

		void answer(ClusterSnapshot cluster) {
			take().complete(cluster);
		}

		void answerFromNowOn(ClusterSnapshot cluster) {
			this.always = cluster;
		}

		private CompletableFuture<ClusterSnapshot> take() {
			return Awaitility.await().until(this.questions::poll, (question) -> question != null);
		}

	}

}
