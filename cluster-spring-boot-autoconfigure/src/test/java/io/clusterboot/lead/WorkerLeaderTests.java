package io.clusterboot.lead;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.event.LeaderEvent;
import io.clusterboot.event.LeaderGranted;
import io.clusterboot.event.LeaderRevoked;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link WorkerLeader}.
 */
@Timeout(60)
class WorkerLeaderTests {

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private volatile boolean answers = true;

	private final WorkerLeader leader = new WorkerLeader(this::answer);

	@Test
	void workerLeadsOnceItIsGrantedALease() {
		assertThat(this.leader.isLeader()).isFalse();
		assertThat(this.leader.run((token) -> {
			throw new IllegalStateException();
		})).isFalse();
		lead(7);
		assertThat(this.leader.token()).hasValue(7);
		assertThat(this.leader.call((token) -> "token " + token)).hasValue("token 7");
	}

	@Test
	void workerLeadsNoLongerWhenThePrimaryDoesNotAnswer() {
		lead(7);
		this.answers = false;
		Awaitility.await().until(() -> !this.leader.isLeader());
		Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
		this.answers = true;
		lead(8);
	}

	@Test
	void workerThatEndsWaitsForWhatRuns() throws Exception {
		lead(7);
		CountDownLatch ends = new CountDownLatch(1);
		CompletableFuture<Boolean> ran = inBackground(ends);
		this.leader.resign(Duration.ofSeconds(30));
		assertThat(this.leader.isLeader()).isFalse();
		assertThat(this.leader.call((token) -> token)).isEmpty();
		CompletableFuture<Void> end = CompletableFuture.runAsync(this.leader::awaitEnd);
		assertThat(this.sent).doesNotContain(new Leading.Resigned(7));
		assertThat(end).isNotDone();
		ends.countDown();
		assertThat(end).succeedsWithin(Duration.ofSeconds(10));
		assertThat(ran).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
		Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
	}

	@Test
	void workerThatEndsDoesNotWaitForEver() {
		lead(7);
		CountDownLatch ends = new CountDownLatch(1);
		inBackground(ends);
		this.leader.resign(Duration.ofMillis(200));
		this.leader.awaitEnd();
		Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
		ends.countDown();
	}

	@Test
	void workerThatEndsLeadsNeverAgain() {
		this.leader.resign(Duration.ofSeconds(30));
		this.leader.hears(new Leading.Grant(7, true, Duration.ofSeconds(1), Duration.ofSeconds(30)));
		Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
		assertThat(this.leader.isLeader()).isFalse();
	}

	@Test
	void workThatEndsTheWorkerDoesNotWaitForItself() {
		lead(7);
		assertThat(this.leader.run((token) -> {
			this.leader.resign(Duration.ofMinutes(5));
			this.leader.awaitEnd();
		})).isTrue();
	}

	@Test
	void partOfWhatRunsRunsEvenIfTheWorkerEnds() {
		lead(7);
		assertThat(this.leader.call((token) -> {
			this.leader.resign(Duration.ofSeconds(30));
			return this.leader.call((inner) -> inner).orElseThrow();
		})).hasValue(7L);
	}

	@Test
	void whatFailsIsThrownAndNotWaitedFor() {
		lead(7);
		assertThatIllegalStateException().isThrownBy(() -> this.leader.run((token) -> {
			throw new IllegalStateException("failed");
		})).withMessage("failed");
		this.leader.hears(new Leading.Resign(7));
		Awaitility.await().until(() -> this.sent.contains(new Leading.Resigned(7)));
	}

	@Test
	void whatIsToldToResignByAnotherTokenLeadsOn() {
		lead(7);
		this.leader.hears(new Leading.Resign(6));
		assertThat(this.leader.token()).hasValue(7);
	}

	@Test
	void applicationHearsWhenTheStateHasChanged() {
		List<String> heard = new CopyOnWriteArrayList<>();
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.addApplicationListener((event) -> {
				if (event instanceof PayloadApplicationEvent<?> payload
						&& payload.getPayload() instanceof LeaderEvent change) {
					heard.add(change + " " + this.leader.isLeader());
				}
			});
			context.refresh();
			this.leader.begins(context);
			lead(7);
			Awaitility.await().until(() -> heard.size() == 1);
			this.leader.hears(new Leading.Resign(7));
			Awaitility.await().until(() -> heard.size() == 2);
			assertThat(heard).containsExactly(new LeaderGranted(7) + " true", new LeaderRevoked(7) + " false");
		}
	}

	@Test
	void beanThatIsCreatedLateHearsAll() {
		LateListener.HEARD.clear();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.registerBean(LateListener.class, (definition) -> definition.setLazyInit(true));
			context.refresh();
			this.leader.begins(context);
			assertThat(context.getBeanFactory().containsSingleton(LateListener.class.getName())).isFalse();
			lead(7);
			Awaitility.await().until(() -> LateListener.HEARD.equals(List.of(new LeaderGranted(7))));
		}
	}

	@Test
	void listenerOfARunningApplicationHearsWhatChangesFromThenOn() {
		List<Object> heard = new CopyOnWriteArrayList<>();
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			context.refresh();
			this.leader.begins(context);
			lead(7);
			context.addApplicationListener((event) -> {
				if (event instanceof PayloadApplicationEvent<?> payload) {
					heard.add(payload.getPayload());
				}
			});
			assertThat(this.leader.token()).hasValue(7);
			this.leader.hears(new Leading.Resign(7));
			Awaitility.await().until(() -> heard.contains(new LeaderRevoked(7)));
		}
	}

	@Test
	void whatIsKeptForTheFirstLeaderIsDoneByIt() {
		List<String> done = new CopyOnWriteArrayList<>();
		this.leader.whenFirst(() -> done.add("token " + this.leader.token().orElse(0)));
		lead(7);
		Awaitility.await().until(() -> done.size() == 1);
		assertThat(done).containsExactly("token 7");
	}

	@Test
	void whatIsKeptForTheFirstLeaderIsDroppedByAnother() {
		List<String> done = new CopyOnWriteArrayList<>();
		this.leader.whenFirst(() -> done.add("done"));
		this.leader.hears(new Leading.Grant(7, false, Duration.ofSeconds(1), Duration.ofSeconds(30)));
		Awaitility.await().until(this.leader::isLeader);
		this.leader.hears(new Leading.Resign(7));
		lead(8);
		assertThat(done).isEmpty();
	}

	private void lead(long token) {
		assertThat(this.leader.hears(new Leading.Grant(token, true, Duration.ofMillis(1500), Duration.ofSeconds(30))))
			.isTrue();
		Awaitility.await().until(() -> this.leader.token().orElse(0) == token);
	}

	private CompletableFuture<Boolean> inBackground(CountDownLatch ends) {
		CountDownLatch begun = new CountDownLatch(1);
		CompletableFuture<Boolean> ran = CompletableFuture.supplyAsync(() -> this.leader.run((token) -> {
			begun.countDown();
			await(ends);
		}));
		await(begun);
		return ran;
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void answer(Message message) {
		this.sent.add(message);
		if (message instanceof Request.Lease lease && this.answers) {
			this.leader.hears(new Reply.Lease(lease.id(), true));
		}
	}

	static class LateListener {

		private static final List<LeaderEvent> HEARD = new CopyOnWriteArrayList<>();

		@EventListener
		void on(LeaderEvent event) {
			HEARD.add(event);
		}

	}

}
