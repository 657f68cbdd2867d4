package io.clusterboot.worker;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

import io.clusterboot.channel.Message;
import io.clusterboot.contract.UncaughtPolicy;
import io.clusterboot.contract.WarmUpRequest;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.gate.AcceptGate;
import io.clusterboot.worker.warmup.WarmUpSettings;
import io.clusterboot.worker.watch.WorkerSettings;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WarmStart}.
 */
@Timeout(60)
class WarmStartTests {

	private static final WorkerSettings SETTINGS = new WorkerSettings(Duration.ofSeconds(1), Duration.ZERO,
			Duration.ofSeconds(60), UncaughtPolicy.ERROR);

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final List<String> failures = new CopyOnWriteArrayList<>();

	private final Semaphore answers = new Semaphore(0);

	private volatile boolean stopped;

	@AfterEach
	void stop() {
		this.stopped = true;
	}

	@Test
	void workerIsReadyWhenItIsWarm() throws Exception {
		AcceptGate gate = new AcceptGate();
		WarmStart start = start(gate, false, "HTTP/1.1 200 OK");
		assertThat(start.listening(8080)).isPositive();
		start.begin(() -> this.sent.add(new Message.Readiness(true)));
		Awaitility.await().during(Duration.ofMillis(300)).until(this.sent::isEmpty);
		assertThat(start.isOver()).isFalse();
		this.answers.release(Integer.MAX_VALUE / 2);
		Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> !this.sent.isEmpty());
		assertThat(start.isOver()).isTrue();
		assertThat(start.progress()).isPositive();
		assertThat(this.failures).isEmpty();
	}

	@Test
	void workerWhoseWarmUpFailsIsNeverReady() throws Exception {
		WarmStart start = start(new AcceptGate(), true, "HTTP/1.1 500 Broken");
		this.answers.release(Integer.MAX_VALUE / 2);
		start.listening(8080);
		start.begin(() -> this.sent.add(new Message.Readiness(true)));
		Awaitility.await().until(() -> !this.failures.isEmpty());
		assertThat(this.failures).containsExactly("the warm-up has failed: GET / was answered 500");
		assertThat(this.sent).isEmpty();
		assertThat(start.isOver()).isFalse();
	}

	@Test
	void readinessIsToldAsItIsWhenTheWorkerHasBecomeWarm() {
		WorkerRuntime runtime = new WorkerRuntime(new WorkerIdentity(1, 0, 1, 8080, 1, "."), SETTINGS, settings(false));
		runtime.connected((message) -> {
			if (message instanceof Message.Readiness) {
				this.sent.add(message);
			}
		});
		// There is no server, so it has nothing to do
		runtime.readiness(true);
		Awaitility.await().until(() -> this.sent.contains(new Message.Readiness(true)));
		runtime.readiness(false);
		runtime.readiness(true);
		assertThat(this.sent).containsExactly(new Message.Readiness(true), new Message.Readiness(false),
				new Message.Readiness(true));
	}

	private WarmStart start(AcceptGate gate, boolean required, String answer) {
		WarmStart start = new WarmStart(gate, settings(required), this.failures::add);
		start.serve(new StubServer(), (connection) -> true);
		Executor threads = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		});
		threads.execute(() -> {
			while (!this.stopped) {
				try {
					SocketChannel connection = gate.accept(Duration.ofMillis(100));
					if (connection != null) {
						gate.handedOver();
						threads.execute(() -> answer(connection, answer));
					}
				}
				catch (IOException ex) {
					return;
				}
			}
		});
		return start;
	}

	private void answer(SocketChannel connection, String answer) {
		try (connection) {
			ByteBuffer request = ByteBuffer.allocate(1000);
			while (!this.stopped && connection.read(request) > 0) {
				this.answers.acquireUninterruptibly();
				request.clear();
				connection.write(StandardCharsets.US_ASCII.encode(answer + "\r\nContent-Length: 0\r\n\r\n"));
			}
		}
		catch (IOException ex) {
			// The client has gone
		}
	}

	private static WarmUpSettings settings(boolean required) {
		return new WarmUpSettings(List.of(WarmUpRequest.parse("/")), Duration.ofSeconds(30), 1, required, null);
	}

}
