package io.clusterboot.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import io.clusterboot.channel.Message;
import io.clusterboot.contract.Steering;
import io.clusterboot.gate.AcceptGate;
import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.listen.SlotSockets;
import io.clusterboot.posix.Descriptor;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link AdoptedSockets}, with real sockets of a group of three slots.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class AdoptedSocketsTests {

	private static final Duration SHORT = Duration.ofMillis(100);

	private final List<Message> sent = new CopyOnWriteArrayList<>();

	private final AcceptGate acceptGate = new AcceptGate();

	private final WorkerGate gate = new WorkerGate(this.acceptGate);

	private final AdoptedSockets adopted = new AdoptedSockets(this.acceptGate, this.sent::add);

	private final List<AutoCloseable> opened = new ArrayList<>();

	private ReusePortGroup group;

	private SlotSockets slots;

	@BeforeEach
	void openSlots() throws Exception {
		this.group = ReusePortGroup.open(InetAddress.getLoopbackAddress(), 0, 3);
		this.opened.add(this.group::close);
		this.group.listen(64);
		this.slots = new SlotSockets(this.group);
		this.opened.add(this.slots);
		this.acceptGate.add(this.slots.channels().get(0));
	}

	@AfterEach
	void closeAll() throws Exception {
		Collections.reverse(this.opened);
		for (AutoCloseable closeable : this.opened) {
			closeable.close();
		}
	}

	@Test
	void adoptServesWhatWaitsForASlotBesideItsOwn() throws Exception {
		Server server = serve();
		SocketAddress waiting = connect(2);
		adopt(2);
		server.awaitServed(waiting);
		server.awaitServed(connect(0));
		server.awaitServed(connect(2));
	}

	@Test
	void threadIsThereBeforeItIsNeeded() {
		Set<Thread> before = Thread.getAllStackTraces().keySet();
		new AdoptedSockets(this.acceptGate, this.sent::add);
		assertThat(Thread.getAllStackTraces().keySet()).filteredOn((thread) -> !before.contains(thread))
			.extracting(Thread::getName)
			.contains("cluster-adoption");
	}

	@Test
	void releaseLeavesTheQueueToOthersAndSaysNothing() throws Exception {
		Server server = serve();
		adopt(2);
		adopt(1);
		release(2, false);
		// One after the other, so the first is done when the second is reported
		release(1, true);
		awaitReleased(1);
		SocketAddress waiting = connect(2);
		SocketAddress own = connect(0);
		server.awaitServed(own);
		assertThat(server.served).containsExactly(own);
		try (SocketChannel accepted = awaitAccepted(this.slots.channels().get(2))) {
			assertThat(accepted.getRemoteAddress()).isEqualTo(waiting);
		}
		assertThat(this.sent).containsExactly(new Message.Released(1));
	}

	@Test
	void releaseOfTheLastEmptiesTheQueueBeforeItIsReported() throws Exception {
		Server server = serve();
		server.pauses = new CountDownLatch(1);
		adopt(2);
		List<SocketAddress> waiting = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			waiting.add(connect(2));
		}
		release(2, true);
		Awaitility.await().during(SHORT.multipliedBy(4)).until(this.sent::isEmpty);
		server.pauses.countDown();
		awaitReleased(2);
		assertThat(server.served).containsExactlyInAnyOrderElementsOf(waiting);
		// Nobody holds the socket that the primary may now close
		connect(2);
		Awaitility.await().during(SHORT).until(() -> server.served.size() == 20);
	}

	@Test
	void releaseOfTheLastTwiceIsReportedOnceTheQueueIsEmpty() throws Exception {
		Server server = serve();
		server.pauses = new CountDownLatch(1);
		adopt(2);
		SocketAddress waiting = connect(2);
		release(2, true);
		release(2, true);
		Awaitility.await().during(SHORT.multipliedBy(4)).until(this.sent::isEmpty);
		server.pauses.countDown();
		server.awaitServed(waiting);
		awaitReleased(2);
	}

	@Test
	void releaseOfTheLastWhenNobodyAcceptsFailsAndCanBeAskedForAgain(CapturedOutput output) throws Exception {
		adopt(2);
		SocketAddress waiting = connect(2);
		release(2, true);
		Awaitility.await()
			.untilAsserted(
					() -> assertThat(this.sent).containsExactly(new Message.SocketFailed(2, "connections still wait")));
		assertThat(output).contains("Connections still wait for slot 2");
		this.sent.clear();
		Server server = serve();
		adopt(2);
		release(2, true);
		server.awaitServed(waiting);
		awaitReleased(2);
	}

	@Test
	void releaseOfTheLastWhenNobodyKnowsWhatWaitsFails() throws Exception {
		AcceptGate broken = mock(AcceptGate.class);
		given(broken.awaitEmpty(any(), any(), any())).willThrow(new IOException("Too many open files"));
		AdoptedSockets adopted = new AdoptedSockets(broken, this.sent::add);
		adopted.adopt(new Message.Adopt(2, false), descriptor(2));
		adopted.release(new Message.Release(2, true));
		Awaitility.await()
			.untilAsserted(() -> assertThat(this.sent)
				.containsExactly(new Message.SocketFailed(2, "java.io.IOException: Too many open files")));
	}

	@Test
	void slotCanBeAdoptedAgain() throws Exception {
		Server server = serve();
		for (int i = 0; i < 3; i++) {
			adopt(2);
			server.awaitServed(connect(2));
			release(2, false);
		}
		adopt(2);
		adopt(2);
		server.awaitServed(connect(2));
	}

	@Test
	void drainEndsAdoptionToo() throws Exception {
		Server server = serve();
		adopt(2);
		this.gate.end(false);
		connect(0);
		connect(2);
		Awaitility.await().during(SHORT).until(server.served::isEmpty);
	}

	@Test
	void drainOfTheLastServesWhatWaitsForAdoptedSlotsFirst() throws Exception {
		adopt(2);
		SocketAddress waiting = connect(2);
		Server server = serve();
		this.gate.end(true);
		assertThat(server.served).containsExactly(waiting);
	}

	@Test
	void assignMakesASpareTheWorkerOfASlot(CapturedOutput output) throws Exception {
		SocketAddress waiting = connect(1);
		assertThat(this.adopted.assign(new Message.Assign(1, false), descriptor(1))).isTrue();
		Server server = serve();
		server.awaitServed(waiting);
		connect(0);
		server.awaitServed(connect(1));
		assertThat(server.served).hasSize(2);
		assertThat(this.acceptGate.channel()).isNotNull();
		assertThat(this.acceptGate.channel().getLocalAddress())
			.isEqualTo(this.slots.channels().get(1).getLocalAddress());
		assertThat(output).containsOnlyOnce("Slot 1 assigned");
		assertThat(this.sent).isEmpty();
	}

	@Test
	void assignWithoutASocketIsReported() {
		assertThat(this.adopted.assign(new Message.Assign(1, false), null)).isFalse();
		assertThat(this.sent).singleElement().isInstanceOf(Message.SocketFailed.class);
	}

	@Test
	void adoptWithoutASocketIsReportedAndChangesNothing() throws Exception {
		Server server = serve();
		this.adopted.adopt(new Message.Adopt(2, false), null);
		release(2, true);
		server.awaitServed(connect(0));
		assertThat(this.sent).singleElement().isInstanceOfSatisfying(Message.SocketFailed.class, (failure) -> {
			assertThat(failure.slot()).isEqualTo(2);
			assertThat(failure.reason()).contains("too many open files");
		});
	}

	private void adopt(int slot) throws IOException {
		this.adopted.adopt(new Message.Adopt(slot, false), descriptor(slot));
	}

	private void release(int slot, boolean last) {
		this.adopted.release(new Message.Release(slot, last));
	}

	private void awaitReleased(int slot) {
		Awaitility.await().untilAsserted(() -> assertThat(this.sent).containsExactly(new Message.Released(slot)));
	}

	private Descriptor descriptor(int slot) throws IOException {
		return SlotSockets.receive(this.group.descriptors().get(slot));
	}

	private Server serve() {
		this.gate.permit();
		this.gate.accepting(true);
		Server server = new Server();
		this.opened.add(server);
		return server;
	}

	private SocketAddress connect(int slot) throws IOException {
		this.group.steerTo(Steering.evenly(Set.of(slot)));
		Socket client = new Socket();
		this.opened.add(client);
		client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.group.port()));
		return client.getLocalSocketAddress();
	}

	private static SocketChannel awaitAccepted(ServerSocketChannel channel) {
		return Awaitility.await().until(channel::accept, (accepted) -> accepted != null);
	}

	/**
	 * Takes note of what comes through the gate and closes it.
	 */
	private final class Server implements AutoCloseable {

		private final List<SocketAddress> served = new CopyOnWriteArrayList<>();

		private final Thread thread = new Thread(this::run);

		private volatile CountDownLatch pauses = new CountDownLatch(0);

		private volatile boolean closed;

		Server() {
			this.thread.start();
		}

		private void run() {
			while (!this.closed) {
				try (SocketChannel accepted = AdoptedSocketsTests.this.acceptGate.accept(SHORT)) {
					if (accepted != null) {
						this.pauses.await();
						this.served.add(accepted.getRemoteAddress());
						AdoptedSocketsTests.this.acceptGate.handedOver();
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					return;
				}
			}
		}

		void awaitServed(SocketAddress client) {
			Awaitility.await().until(() -> this.served.contains(client));
		}

		@Override
		public void close() {
			this.closed = true;
			this.pauses.countDown();
			Awaitility.await().until(() -> !this.thread.isAlive());
		}

	}

}
