package io.clusterboot.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.clusterboot.Cluster;
import io.clusterboot.ClusterCounter;
import io.clusterboot.ClusterSnapshot;
import io.clusterboot.ClusterState;
import io.clusterboot.IncidentSnapshot;
import io.clusterboot.PrimarySnapshot;
import io.clusterboot.PrimaryUnavailableException;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.lead.LocalLeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link RemoteCluster}.
 */
class RemoteClusterTests {

	private static final WorkerIdentity SELF = new WorkerIdentity(7, 2, 3, 8080, 1, "/tmp");

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final RemoteCluster operations = new RemoteCluster(() -> SELF, this.sent::add, new LocalLeader(1));

	@Test
	void manyWhoAskAtTheSameTimeShareOneQuestion() {
		List<CompletableFuture<List<IncidentSnapshot>>> askers = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			askers.add(inBackground());
		}
		awaitWaiting(50);
		assertThat(this.sent).hasSize(1);
		this.operations.received(new Reply.Incidents(id(0), List.of()));
		assertThat(askers).allSatisfy((asker) -> assertThat(asker).succeedsWithin(Duration.ofSeconds(10)));
		assertThat(this.sent).hasSize(1);
	}

	@Test
	void whoAsksAfterAnAnswerGetsAnotherOne() {
		for (int i = 0; i < 2; i++) {
			int question = i;
			CompletableFuture<List<IncidentSnapshot>> asker = inBackground();
			Awaitility.await().until(() -> this.sent.size() == question + 1);
			this.operations.received(new Reply.Incidents(id(question), List.of()));
			assertThat(asker).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	@Test
	void whoCannotWaitLongHasAQuestionOfTheirOwn() {
		CompletableFuture<ClusterSnapshot> patient = CompletableFuture.supplyAsync(this.operations::snapshot);
		Awaitility.await().until(() -> this.sent.size() == 1);
		assertThatExceptionOfType(PrimaryUnavailableException.class)
			.isThrownBy(() -> this.operations.snapshot(Duration.ofMillis(10)))
			.withMessage("The primary did not answer within 0.01 s");
		assertThat(patient).isNotDone();
		ClusterSnapshot cluster = new ClusterSnapshot(ClusterState.RUNNING, new PrimarySnapshot(1, Instant.EPOCH), 8080,
				1, 1, List.of(), List.of(), List.of(), null, null);
		this.operations.received(new Reply.Snapshot(id(0), cluster));
		assertThat(patient).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(cluster);
	}

	@Test
	void whatIsNotAllowedIsTheCallersMistake() {
		CompletableFuture<Integer> asker = CompletableFuture.supplyAsync(() -> this.operations.scale(3));
		Awaitility.await().until(() -> !this.sent.isEmpty());
		this.operations.received(new Reply.Invalid(id(0), "too many"));
		assertThat(asker).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(IllegalArgumentException.class)
			.withMessage("too many");
	}

	@Test
	void whoAsksIsTheThreadAndTheMethodOfTheApplication() {
		CompletableFuture.runAsync(() -> this.operations.shutdown(), (task) -> new Thread(task, "nightly-job").start());
		Awaitility.await().until(() -> !this.sent.isEmpty());
		assertThat(((Request.Shutdown) this.sent.get(0)).requester().toString()).startsWith("api (thread nightly-job");
		this.operations.received(new Reply.Shutdown(id(0)));
	}

	@Test
	void whoAsksOverHttpIsWhoTheEndpointSays() {
		Cluster theirs = this.operations.onBehalfOf("uid 1");
		CompletableFuture<Integer> asker = CompletableFuture.supplyAsync(() -> theirs.scale(2));
		Awaitility.await().until(() -> !this.sent.isEmpty());
		assertThat(((Request.Scale) this.sent.get(0)).requester()).hasToString("http (uid 1)");
		this.operations.received(new Reply.Scale(id(0), 2));
		assertThat(asker).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(2);
	}

	@Test
	void refusalIsToldToAllWhoShareTheQuestion() {
		List<CompletableFuture<List<IncidentSnapshot>>> askers = List.of(inBackground(), inBackground());
		awaitWaiting(2);
		this.operations.received(new Reply.Refusal(id(0), "busy"));
		assertThat(askers).allSatisfy((asker) -> assertThat(asker).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(PrimaryUnavailableException.class)
			.withMessage("busy"));
	}

	@Test
	void whatCannotBeSentIsAnErrorAtOnce() {
		RemoteCluster unable = new RemoteCluster(() -> SELF, (message) -> {
			throw new IllegalArgumentException("too long");
		}, new LocalLeader(1));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> unable.reload(null));
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(unable::snapshot);
		assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(unable::snapshot);
	}

	@Test
	void workerKnowsWhoItIs() {
		assertThat(this.operations.isClustered()).isTrue();
		assertThat(List.of(this.operations.id(), this.operations.slot(), this.operations.generation()))
			.containsExactly(7, 2, 3);
	}

	@Test
	void workersAreEndedByThePrimary() {
		CompletableFuture<Boolean> disconnected = CompletableFuture.supplyAsync(this.operations.worker(4)::disconnect);
		Awaitility.await().until(() -> this.sent.size() == 1);
		assertThat(this.sent.get(0)).isInstanceOfSatisfying(Request.Disconnect.class,
				(request) -> assertThat(request.worker()).isEqualTo(4));
		this.operations.received(new Reply.Worker(id(0), true));
		assertThat(disconnected).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
		CompletableFuture<Boolean> killed = CompletableFuture.supplyAsync(this.operations.worker(5)::kill);
		Awaitility.await().until(() -> this.sent.size() == 2);
		assertThat(this.sent.get(1)).isInstanceOfSatisfying(Request.Kill.class,
				(request) -> assertThat(request.worker()).isEqualTo(5));
		this.operations.received(new Reply.Worker(id(1), false));
		assertThat(killed).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(false);
	}

	@Test
	void countersAreCountedByThePrimary() {
		ClusterCounter counter = this.operations.counter("visits");
		CompletableFuture<Long> added = CompletableFuture.supplyAsync(() -> counter.addAndGet(-2));
		Awaitility.await().until(() -> !this.sent.isEmpty());
		assertThat(this.sent.get(0)).isEqualTo(new Request.Count(id(0), "visits", -2));
		this.operations.received(new Reply.Count(id(0), 40));
		assertThat(added).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(40L);
	}

	@Test
	void nameOfACounterHasALimit() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.operations.counter(""));
		assertThatIllegalArgumentException().isThrownBy(() -> this.operations.counter("x".repeat(101)))
			.withMessageContaining("1 to 100 characters, not 101");
	}

	private CompletableFuture<List<IncidentSnapshot>> inBackground() {
		return CompletableFuture.supplyAsync(this.operations::incidents, (task) -> {
			Thread thread = new Thread(task, "asker");
			thread.setDaemon(true);
			thread.start();
		});
	}

	private void awaitWaiting(int count) {
		Awaitility.await()
			.until(() -> Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> thread.getName().equals("asker") && thread.getState() == Thread.State.TIMED_WAITING)
				.count() == count);
	}

	private long id(int index) {
		return ((Request) this.sent.get(index)).id();
	}

}
