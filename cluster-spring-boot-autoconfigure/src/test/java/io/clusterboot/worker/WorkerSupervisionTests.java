package io.clusterboot.worker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.IncidentCause;
import io.clusterboot.ResponseCounts;
import io.clusterboot.WorkerMetrics;
import io.clusterboot.channel.Message;
import io.clusterboot.contract.UncaughtPolicy;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.posix.InetSocket;
import io.clusterboot.worker.warmup.WarmUpSettings;
import io.clusterboot.worker.watch.WorkerSettings;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link WorkerRuntime} tells the primary about the state it is in.
 */
@Timeout(60)
class WorkerSupervisionTests {

	private final List<WorkerMetrics> beats = new CopyOnWriteArrayList<>();

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final AtomicInteger refusals = new AtomicInteger();

	private final WorkerRuntime runtime = new WorkerRuntime(new WorkerIdentity(1, 0, 1, 8080, 1, "."),
			new WorkerSettings(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(2), UncaughtPolicy.ERROR),
			WarmUpSettings.NONE);

	@Test
	void heartbeatBeginsWhenTheChannelIsConnectedAndGoesOn() {
		connect();
		Awaitility.await().until(() -> this.beats.size() >= 3);
		assertThat(this.beats).first().satisfies((metrics) -> {
			assertThat(metrics.residentSet()).isPositive();
			assertThat(metrics.connections()).isZero();
		});
	}

	@Test
	void heartbeatWhenThereIsAServerTellsWhatItAnswered() {
		StubServer server = new StubServer();
		server.responses = new ResponseCounts(1, 2, 3, 4, 5);
		this.runtime.serve(server, (connection) -> true);
		connect();
		Awaitility.await().until(() -> !this.beats.isEmpty());
		assertThat(this.beats).first().satisfies((metrics) -> {
			assertThat(metrics.connections()).isEqualTo(7);
			assertThat(metrics.responses()).isEqualTo(server.responses);
		});
	}

	@Test
	void threadDumpRequestIsAnsweredAtOnce() throws IOException {
		connect();
		this.runtime.onMessage(new Message.ThreadDumpRequest(), null);
		assertThat(this.sent).singleElement().isInstanceOfSatisfying(Message.ThreadDump.class, (dump) -> {
			assertThat(dump.text()).contains("\"" + Thread.currentThread().getName() + "\"");
			assertThat(dump.text()).contains("threadDumpRequestIsAnsweredAtOnce");
		});
	}

	@Test
	void stallClosesTheGateForGoodBeforeItIsReported() throws IOException {
		StubServer server = new StubServer();
		this.runtime.serve(server, (connection) -> true);
		connect();
		openGate();
		assertThat(this.runtime.awaitGate().isOpen()).isTrue();
		this.sent.clear();
		server.poolFull = true;
		Awaitility.await().until(() -> this.sent.size() == 2);
		assertThat(this.sent).first().isEqualTo(new Message.Readiness(false));
		assertThat(this.sent).last().isInstanceOfSatisfying(Message.Unhealthy.class, (unhealthy) -> {
			assertThat(unhealthy.cause()).isEqualTo(IncidentCause.STALL);
			assertThat(unhealthy.threadDump()).contains("cluster-watch");
		});
		assertThat(this.runtime.awaitGate().isOpen()).isFalse();
		this.runtime.readiness(true);
		assertThat(this.sent).last().isEqualTo(new Message.Readiness(false));
		assertThat(this.runtime.awaitGate().isOpen()).isFalse();
	}

	@Test
	void otherTroubleIsReportedWithTheGateOpen() throws IOException {
		connect();
		openGate();
		this.sent.clear();
		Message.Unhealthy deadlock = new Message.Unhealthy(IncidentCause.DEADLOCK, "Deadlocked", null);
		this.runtime.unhealthy(deadlock);
		assertThat(this.sent).containsExactly(deadlock);
		assertThat(this.runtime.awaitGate().isOpen()).isTrue();
	}

	@Test
	void troubleThatCannotBeSentForWantOfMemoryIsReportedASecondLater() {
		StubServer server = new StubServer();
		this.runtime.serve(server, (connection) -> true);
		this.refusals.set(2);
		connect();
		server.poolFull = true;
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.sent).hasAtLeastOneElementOfType(Message.Unhealthy.class));
		assertThat(this.refusals).hasNegativeValue();
		assertThat(this.sent).first().isEqualTo(new Message.Readiness(false));
	}

	private void connect() {
		this.runtime.connected((message) -> {
			if (message instanceof Message.Unhealthy && this.refusals.getAndDecrement() > 0) {
				throw new OutOfMemoryError("Simulated");
			}
			if (message instanceof Message.Heartbeat heartbeat) {
				this.beats.add(heartbeat.metrics());
			}
			else if (!(message instanceof Message.Hello)) {
				this.sent.add(message);
			}
		});
	}

	private void openGate() throws IOException {
		InetSocket socket = InetSocket.create(false);
		socket.bind(new InetSocketAddress("127.0.0.1", 0), false);
		this.runtime.onMessage(new Message.Welcome(false), socket.descriptor());
		this.runtime.onMessage(new Message.OpenGate(), null);
		this.runtime.readiness(true);
	}

}
