package io.clusterboot.worker;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Numbers;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.gate.AcceptGate;
import io.clusterboot.gate.GatedServer;
import io.clusterboot.lead.WorkerLeader;
import io.clusterboot.numbers.Merge;
import io.clusterboot.numbers.Series;
import io.clusterboot.numbers.Totals;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.BDDMockito;
import org.mockito.Mockito;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerDrain}.
 */
@Timeout(60)
class WorkerDrainTests {

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final GatedServer server = Mockito.mock();

	private final WorkerLeader leader = new WorkerLeader(this.sent::add);

	private final RemoteCluster cluster = new RemoteCluster(() -> new WorkerIdentity(7, 0, 1, 8080, 1, "/tmp"),
			this.sent::add, this.leader);

	private final WorkerDrain drain = new WorkerDrain(new WorkerGate(new AcceptGate()), () -> this.server,
			this.sent::add, this.leader, this.cluster);

	@Test
	void runWhenEverythingEndsInTimeSaysThatNothingWasCut() {
		BDDMockito.given(this.server.drainingConnections()).willReturn(2, 1, 0);
		BDDMockito.given(this.server.requestsInFlight()).willReturn(1);
		run(Duration.ofSeconds(30));
		assertThat(this.sent).containsExactly(new Message.GateClosed(), new Message.Drained(0));
	}

	@Test
	void runWhenTimeIsUpSaysHowManyRequestsWereCut() {
		BDDMockito.given(this.server.drainingConnections()).willReturn(5);
		BDDMockito.given(this.server.requestsInFlight()).willReturn(3);
		run(Duration.ofMillis(50));
		assertThat(this.sent).containsExactly(new Message.GateClosed(), new Message.Drained(3));
	}

	@Test
	void runTellsTheLastNumbersBeforeItSaysThatNothingIsLeft() throws IOException {
		AtomicInteger requests = new AtomicInteger();
		BDDMockito.given(this.server.drainingConnections()).willReturn(1).willAnswer((call) -> {
			requests.set(42);
			return 0;
		});
		Series series = new Series(Merge.TOTAL, "requests");
		Totals totals = new Totals();
		WorkerDrain drain = new WorkerDrain(new WorkerGate(new AcceptGate()), () -> this.server, this.sent::add,
				this.leader, this.cluster);
		this.cluster.reporting().begin(() -> Map.of(series, (double) requests.get()));
		drain.begin(new Message.Drain(false, Duration.ofSeconds(30), Duration.ofSeconds(5)));
		Awaitility.await().until(() -> {
			this.cluster.reporting().received(new Numbers.Heard());
			return this.sent.contains(new Message.Drained(0));
		});
		for (Message message : this.sent.subList(0, this.sent.indexOf(new Message.Drained(0)))) {
			if (message instanceof Numbers.Report report) {
				totals.report(7, report.body());
			}
		}
		assertThat(Totals.read(totals.pages(Set.of()))).containsEntry("requests", 42.0);
	}

	@Test
	void runWhenThePrimaryHearsNoNumbersGoesOnSoon() {
		this.cluster.reporting().begin(Map::of);
		run(Duration.ofSeconds(30));
		assertThat(this.sent).contains(new Message.Drained(0));
	}

	@Test
	void runClosesTheGateBeforeItSaysSo() throws Exception {
		AcceptGate accepts = new AcceptGate();
		WorkerGate gate = new WorkerGate(accepts);
		gate.permit();
		gate.accepting(true);
		assertThat(accepts.isOpen()).isTrue();
		List<Boolean> open = new CopyOnWriteArrayList<>();
		WorkerDrain drain = new WorkerDrain(gate, () -> this.server, (message) -> open.add(accepts.isOpen()),
				this.leader, this.cluster);
		drain.begin(new Message.Drain(false, Duration.ofSeconds(30), Duration.ofSeconds(5)));
		drain.awaitEnd();
		assertThat(open).containsExactly(false, false);
	}

	@Test
	void runWhenThereIsNoServerYetSaysThatNothingWasCut() {
		WorkerDrain drain = new WorkerDrain(new WorkerGate(new AcceptGate()), () -> null, this.sent::add, this.leader,
				this.cluster);
		drain.begin(new Message.Drain(false, Duration.ofSeconds(30), Duration.ofSeconds(5)));
		drain.awaitEnd();
		assertThat(this.sent).containsExactly(new Message.GateClosed(), new Message.Drained(0));
	}

	@Test
	void runWhenItHasBeenDoneSaysNothingAgain() {
		run(Duration.ofSeconds(30));
		run(Duration.ofSeconds(30));
		assertThat(this.sent).hasSize(2);
	}

	@Test
	void whatRunsOncePerClusterEndsBeforeTheApplicationCloses() throws Exception {
		this.leader.hears(new Leading.Grant(7, true, Duration.ofSeconds(30), Duration.ofSeconds(30)));
		Awaitility.await().until(() -> this.sent.stream().anyMatch(Request.Lease.class::isInstance));
		this.sent.stream()
			.filter(Request.Lease.class::isInstance)
			.forEach((lease) -> this.leader.hears(new Reply.Lease(((Request.Lease) lease).id(), true)));
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch ends = new CountDownLatch(1);
		CompletableFuture<Boolean> ran = CompletableFuture.supplyAsync(() -> this.leader.run((token) -> {
			begun.countDown();
			await(ends);
		}));
		begun.await();
		this.drain.begin(new Message.Drain(false, Duration.ofSeconds(30), Duration.ofSeconds(5)));
		CompletableFuture<Void> quiet = CompletableFuture.runAsync(this.drain::awaitQuiet);
		Awaitility.await().until(() -> this.sent.contains(new Message.GateClosed()));
		assertThat(this.sent).doesNotContain(new Message.Drained(0), new Leading.Resigned(7));
		assertThat(quiet).isNotDone();
		ends.countDown();
		assertThat(quiet).succeedsWithin(Duration.ofSeconds(10));
		assertThat(ran).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
		this.drain.awaitEnd();
		assertThat(this.sent).contains(new Message.Drained(0));
	}

	@Test
	void awaitEndWhenNothingHasBegunReturns() {
		this.drain.awaitEnd();
		assertThat(this.sent).isEmpty();
	}

	@Test
	void awaitQuietWhenOnlyTheApplicationCanEndWhatIsLeftReturnsBeforeTheEnd() {
		AtomicInteger streams = new AtomicInteger(2);
		BDDMockito.given(this.server.drainingConnections()).willAnswer((call) -> streams.get());
		BDDMockito.given(this.server.waitingConnections()).willAnswer((call) -> streams.get());
		this.drain.begin(new Message.Drain(false, Duration.ofSeconds(50), Duration.ofSeconds(40)));
		this.drain.awaitQuiet();
		assertThat(this.sent).containsExactly(new Message.GateClosed());
		BDDMockito.then(this.server).should(BDDMockito.never()).closeIdleConnections();
		streams.set(0);
		this.drain.awaitEnd();
		assertThat(this.sent).containsExactly(new Message.GateClosed(), new Message.Drained(0));
	}

	@Test
	void awaitQuietWhenSomebodyIsBusyWaitsForTheGraceToPass() {
		AtomicBoolean closing = new AtomicBoolean();
		BDDMockito.given(this.server.drainingConnections()).willReturn(2);
		BDDMockito.given(this.server.waitingConnections()).willReturn(1);
		BDDMockito.willAnswer((call) -> {
			closing.set(true);
			return null;
		}).given(this.server).closeIdleConnections();
		this.drain.begin(new Message.Drain(false, Duration.ofSeconds(5), Duration.ofMillis(100)));
		this.drain.awaitQuiet();
		assertThat(closing).isTrue();
		assertThat(this.sent).containsExactly(new Message.GateClosed());
	}

	private void run(Duration timeout) {
		this.drain.begin(new Message.Drain(false, timeout, Duration.ofSeconds(5)));
		this.drain.awaitEnd();
		this.drain.awaitQuiet();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
