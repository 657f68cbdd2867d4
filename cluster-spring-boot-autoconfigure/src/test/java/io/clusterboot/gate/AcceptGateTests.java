package io.clusterboot.gate;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.listen.ReusePortGroup;
import io.clusterboot.listen.SlotSockets;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.spy;

/**
 * Tests for {@link AcceptGate}.
 */
@Timeout(30)
class AcceptGateTests {

	private static final Duration SHORT = Duration.ofMillis(100);

	private static final Duration LONG = Duration.ofSeconds(20);

	private final AcceptGate gate = new AcceptGate();

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void closeAll() throws Exception {
		Collections.reverse(this.opened);
		for (AutoCloseable closeable : this.opened) {
			closeable.close();
		}
	}

	@Test
	void acceptWhenClosedGivesNothing() throws Exception {
		connect(listen());
		assertThat(this.gate.accept(SHORT)).isNull();
		assertThat(this.gate.isOpen()).isFalse();
	}

	@Test
	void acceptWhenOpenGivesABlockingConnection() throws Exception {
		ServerSocketChannel channel = listen();
		this.gate.open();
		CompletableFuture<SocketChannel> accepted = acceptLater();
		SocketChannel client = connect(channel);
		SocketChannel connection = accepted.get();
		this.opened.add(connection);
		assertThat(connection.isBlocking()).isTrue();
		assertThat(connection.getRemoteAddress()).isEqualTo(client.getLocalAddress());
		assertThat(channel.isBlocking()).isFalse();
	}

	@Test
	void acceptWhenGateOpensGivesWhatWaited() throws Exception {
		connect(listen());
		CompletableFuture<SocketChannel> accepted = acceptLater();
		this.gate.open();
		assertThat(accepted.get()).isNotNull();
	}

	@Test
	void acceptWhenSocketIsAddedWhileItWaitsSeesItsConnections() throws Exception {
		listen();
		this.gate.open();
		CompletableFuture<SocketChannel> accepted = acceptLater();
		connect(listen());
		assertThat(accepted.get()).isNotNull();
	}

	@Test
	void acceptWhenSeveralSocketsAreBusyStarvesNone() throws Exception {
		ServerSocketChannel first = listen();
		ServerSocketChannel second = listen();
		for (int i = 0; i < 3; i++) {
			connect(first);
		}
		connect(second);
		this.gate.open();
		List<Integer> ports = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			SocketChannel accepted = this.gate.accept(LONG);
			this.opened.add(accepted);
			ports.add(((InetSocketAddress) accepted.getLocalAddress()).getPort());
			this.gate.handedOver();
		}
		assertThat(ports).containsExactly(port(first), port(second));
	}

	@Test
	void closeWaitsForTheHandOver() throws Exception {
		connect(listen());
		this.gate.open();
		this.opened.add(this.gate.accept(LONG));
		CompletableFuture<Void> closed = CompletableFuture.runAsync(this.gate::close);
		Awaitility.await().during(SHORT).until(() -> !closed.isDone());
		this.gate.handedOver();
		closed.get();
	}

	@Test
	void closeEndsAWaitingAccept() throws Exception {
		listen();
		this.gate.open();
		CompletableFuture<SocketChannel> accepted = acceptLater();
		this.gate.close();
		assertThat(accepted.get()).isNull();
	}

	@Test
	void suspendHoldsConnectionsBackUntilResume() throws Exception {
		connect(listen());
		this.gate.suspend();
		this.gate.open();
		assertThat(this.gate.accept(SHORT)).isNull();
		assertThat(this.gate.isOpen()).isTrue();
		this.gate.resume();
		SocketChannel accepted = this.gate.accept(LONG);
		assertThat(accepted).isNotNull();
		this.opened.add(accepted);
	}

	@Test
	void resumeWhenClosedLeavesItClosed() throws Exception {
		connect(listen());
		this.gate.open();
		this.gate.suspend();
		this.gate.close();
		this.gate.resume();
		assertThat(this.gate.accept(SHORT)).isNull();
	}

	@Test
	void removeLeavesConnectionsToOthersWhoHoldTheSocket() throws Exception {
		ReusePortGroup group = group();
		ServerSocketChannel elsewhere = slot(group);
		ServerSocketChannel own = listen();
		ServerSocketChannel adopted = slot(group);
		this.gate.add(adopted);
		this.gate.open();
		Server server = serve();
		connect(adopted);
		server.awaitServed(adopted, 1);
		this.gate.remove(adopted);
		SocketChannel waiting = connect(elsewhere);
		connect(own);
		server.awaitServed(own, 1);
		adopted.close();
		// No selector keeps it open, and no shutdown(2) has ended it for the others
		assertThat(holders(group)).isEqualTo(2);
		SocketChannel after = connect(elsewhere);
		assertThat(awaitAccepted(elsewhere).getRemoteAddress()).isEqualTo(waiting.getLocalAddress());
		assertThat(awaitAccepted(elsewhere).getRemoteAddress()).isEqualTo(after.getLocalAddress());
		assertThat(server.served).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void removeLetsTheChannelBeClosedWhetherOrNotSomebodyAccepts(boolean accepting) throws Exception {
		ReusePortGroup group = group();
		ServerSocketChannel adopted = slot(group);
		ServerSocketChannel own = listen();
		this.gate.add(adopted);
		if (accepting) {
			this.gate.open();
			connect(own);
			serve().awaitServed(own, 1);
		}
		this.gate.remove(adopted);
		adopted.close();
		assertThat(holders(group)).isOne();
	}

	@Test
	void removeWaitsForTheHandOverOfTheSocketsOwnConnectionsOnly() throws Exception {
		ServerSocketChannel own = listen();
		ServerSocketChannel second = listen();
		ServerSocketChannel third = listen();
		connect(second);
		this.gate.open();
		this.opened.add(this.gate.accept(LONG));
		this.gate.remove(third);
		CompletableFuture<Void> removed = CompletableFuture.runAsync(() -> remove(second));
		Awaitility.await().during(SHORT).until(() -> !removed.isDone());
		this.gate.handedOver();
		removed.get();
		assertThat(this.gate.channel()).isSameAs(own);
	}

	@Test
	void removeDuringAnAcceptTakesEffectAtOnce() throws Exception {
		ServerSocketChannel own = listen();
		ServerSocketChannel other = listen();
		this.gate.open();
		CompletableFuture<SocketChannel> accepted = acceptLater();
		this.gate.remove(other);
		connect(other);
		Awaitility.await().during(SHORT).until(() -> !accepted.isDone());
		SocketChannel client = connect(own);
		assertThat(accepted.get().getRemoteAddress()).isEqualTo(client.getLocalAddress());
	}

	@Test
	void removeOfAChannelThatIsNotThereDoesNothing() throws Exception {
		ServerSocketChannel own = listen();
		ServerSocketChannel other = listen();
		this.gate.remove(other);
		this.gate.remove(other);
		assertThat(this.gate.channel()).isSameAs(own);
	}

	@Test
	void socketsComeAndGoWhileConnectionsAreServed() throws Exception {
		ServerSocketChannel own = listen();
		this.gate.open();
		Server server = serve();
		for (int i = 1; i <= 50; i++) {
			ServerSocketChannel other = listen();
			connect(other);
			connect(own);
			server.awaitServed(other, 1);
			server.awaitServed(own, i);
			this.gate.remove(other);
			other.close();
		}
		assertThat(server.served).hasSize(100);
	}

	@Test
	void socketThatIsShutDownElsewhereDoesNotDisturbTheOthers() throws Exception {
		ReusePortGroup group = group();
		ServerSocketChannel own = listen();
		this.gate.add(slot(group));
		this.gate.open();
		Server server = serve();
		group.refuse();
		connect(own);
		server.awaitServed(own, 1);
		server.assertRests();
		connect(own);
		server.awaitServed(own, 2);
	}

	@Test
	void socketThatFailsForWantOfADescriptorIsAcceptedFromWhenThereIsOne() throws Exception {
		listen();
		ServerSocketChannel other = listenAndFail(1);
		SocketChannel client = connect(other);
		this.gate.open();
		SocketChannel accepted = this.gate.accept(LONG);
		this.opened.add(accepted);
		assertThat(accepted.getRemoteAddress()).isEqualTo(client.getLocalAddress());
	}

	@Test
	void socketThatFailsWhenAnotherTakesTheLastDescriptorHasAnotherTurn() throws Exception {
		ServerSocketChannel own = listen();
		ServerSocketChannel other = listenAndFail(2);
		connect(own);
		connect(own);
		connect(other);
		this.gate.open();
		List<Integer> ports = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			SocketChannel accepted = this.gate.accept(LONG);
			this.opened.add(accepted);
			ports.add(((InetSocketAddress) accepted.getLocalAddress()).getPort());
			this.gate.handedOver();
		}
		assertThat(ports).containsExactly(port(own), port(own), port(other));
	}

	@Test
	void replaceOwnAcceptsFromTheNewSocketAndThoseThatWereAdded() throws Exception {
		ReusePortGroup group = group();
		ServerSocketChannel before = slot(group);
		this.gate.add(before);
		ServerSocketChannel other = listen();
		ServerSocketChannel after = bind();
		this.gate.open();
		Server server = serve();
		assertThat(this.gate.replaceOwn(after)).isSameAs(before);
		assertThat(this.gate.channel()).isSameAs(after);
		connect(before);
		connect(after);
		connect(other);
		server.awaitServed(after, 1);
		server.awaitServed(other, 1);
		before.close();
		assertThat(holders(group)).isOne();
		assertThat(server.served).hasSize(2);
	}

	@Test
	void replaceOwnWhenThereIsNoneAddsIt() throws Exception {
		ServerSocketChannel own = bind();
		assertThat(this.gate.replaceOwn(own)).isNull();
		assertThat(this.gate.channel()).isSameAs(own);
		this.gate.open();
		connect(own);
		serve().awaitServed(own, 1);
	}

	@Test
	void awaitEmptyLooksAtTheOneSocketOnly() throws Exception {
		ServerSocketChannel own = listen();
		ServerSocketChannel other = listen();
		this.gate.open();
		Server server = serve();
		connect(other);
		CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> awaitEmpty(other, LONG));
		for (int i = 1; !empty.isDone(); i++) {
			connect(own);
			server.awaitServed(own, i);
		}
		assertThat(empty.get()).isTrue();
		assertThat(server.served).contains(port(other));
	}

	@Test
	void awaitEmptyWaitsForWhatIsInTheQueueOfAClosedGate() throws Exception {
		listen();
		ServerSocketChannel other = listen();
		assertThat(awaitEmpty(other, LONG)).isTrue();
		connect(other);
		assertThat(awaitEmpty(other, SHORT.multipliedBy(3))).isFalse();
		CompletableFuture<Boolean> empty = CompletableFuture.supplyAsync(() -> awaitEmpty(other, LONG));
		Awaitility.await().during(SHORT.multipliedBy(3)).until(() -> !empty.isDone());
		this.gate.open();
		serve().awaitServed(other, 1);
		assertThat(empty.get()).isTrue();
	}

	@Test
	void awaitEmptyOfAChannelThatIsNotThereReturnsAtOnce() throws Exception {
		ServerSocketChannel other = bind();
		connect(other);
		assertThat(awaitEmpty(other, LONG)).isTrue();
	}

	@Test
	void connectionsThatWaitBehindAClosedGateKeepNobodyBusy() throws Exception {
		ServerSocketChannel own = listen();
		ServerSocketChannel other = listen();
		ServerSocketChannel another = listen();
		this.gate.open();
		Server server = serve();
		connect(own);
		server.awaitServed(own, 1);
		this.gate.close();
		connect(own);
		connect(other);
		connect(another);
		server.assertRests();
		this.gate.remove(another);
		server.assertRests();
		assertThat(server.served).hasSize(1);
	}

	@Test
	void connectionsThatWaitForARemovedSocketKeepNobodyBusy() throws Exception {
		ServerSocketChannel own = listen();
		ServerSocketChannel other = listen();
		this.gate.open();
		Server server = serve();
		this.gate.remove(other);
		connect(other);
		server.assertRests();
		connect(own);
		server.awaitServed(own, 1);
		assertThat(server.served).hasSize(1);
	}

	private Server serve() {
		Server server = new Server();
		this.opened.add(server);
		return server;
	}

	private void remove(ServerSocketChannel channel) {
		try {
			this.gate.remove(channel);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private boolean awaitEmpty(ServerSocketChannel channel, Duration timeout) {
		try {
			return this.gate.awaitEmpty(channel, SHORT, timeout);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ReusePortGroup group() throws IOException {
		ReusePortGroup group = ReusePortGroup.open(InetAddress.getLoopbackAddress(), 0, 1);
		this.opened.add(group::close);
		group.listen(10);
		return group;
	}

	private ServerSocketChannel slot(ReusePortGroup group) throws IOException {
		SlotSockets slots = new SlotSockets(group);
		this.opened.add(slots);
		return slots.channels().get(0);
	}

	// How many descriptors of this process are of the group's first socket
	private int holders(ReusePortGroup group) throws IOException {
		Path descriptors = Path.of("/proc/self/fd");
		Path socket = Files.readSymbolicLink(descriptors.resolve("" + group.descriptors().get(0).number()));
		int holders = 0;
		for (String descriptor : new File("/proc/self/fd").list()) {
			try {
				holders += socket.equals(Files.readSymbolicLink(descriptors.resolve(descriptor))) ? 1 : 0;
			}
			catch (NoSuchFileException ex) {
				// that of the directory itself
			}
		}
		return holders;
	}

	private SocketChannel awaitAccepted(ServerSocketChannel channel) {
		SocketChannel accepted = Awaitility.await().until(channel::accept, Objects::nonNull);
		this.opened.add(accepted);
		return accepted;
	}

	private CompletableFuture<SocketChannel> acceptLater() {
		CompletableFuture<SocketChannel> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				SocketChannel accepted;
				do {
					accepted = this.gate.accept(LONG);
				}
				while (accepted == null && this.gate.isOpen());
				result.complete(accepted);
			}
			catch (IOException ex) {
				result.completeExceptionally(ex);
			}
		});
		thread.start();
		Awaitility.await().until(() -> isWaiting(thread));
		return result;
	}

	// A thread that selects is runnable for the JVM
	private static boolean isWaiting(Thread thread) {
		StackTraceElement[] stack = thread.getStackTrace();
		return thread.getState() == Thread.State.TIMED_WAITING
				|| (stack.length > 0 && stack[0].getClassName().equals("sun.nio.ch.EPoll"));
	}

	private ServerSocketChannel listen() throws IOException {
		ServerSocketChannel channel = bind();
		this.gate.add(channel);
		return channel;
	}

	private ServerSocketChannel listenAndFail(int times) throws IOException {
		ServerSocketChannel channel = spy(bind());
		AtomicInteger failures = new AtomicInteger(times);
		willAnswer((accept) -> {
			if (failures.getAndDecrement() > 0) {
				throw new IOException("Too many open files");
			}
			return accept.callRealMethod();
		}).given(channel).accept();
		this.gate.add(channel);
		return channel;
	}

	private ServerSocketChannel bind() throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		this.opened.add(channel);
		channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		channel.configureBlocking(false);
		return channel;
	}

	private SocketChannel connect(ServerSocketChannel channel) throws IOException {
		SocketChannel client = SocketChannel.open(channel.getLocalAddress());
		this.opened.add(client);
		return client;
	}

	private static int port(ServerSocketChannel channel) throws IOException {
		return ((InetSocketAddress) channel.getLocalAddress()).getPort();
	}

	/**
	 * Accepts and closes whatever comes through the gate, as long as nothing fails.
	 */
	private final class Server implements AutoCloseable {

		private final List<Integer> served = new CopyOnWriteArrayList<>();

		private final AtomicInteger accepts = new AtomicInteger();

		private final Thread thread = new Thread(this::run);

		private volatile boolean closed;

		Server() {
			this.thread.start();
		}

		private void run() {
			while (!this.closed) {
				this.accepts.incrementAndGet();
				try (SocketChannel accepted = AcceptGateTests.this.gate.accept(LONG)) {
					if (accepted != null) {
						this.served.add(((InetSocketAddress) accepted.getLocalAddress()).getPort());
						AcceptGateTests.this.gate.handedOver();
					}
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}
		}

		void awaitServed(ServerSocketChannel channel, int count) throws IOException {
			int port = port(channel);
			Awaitility.await()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> Collections.frequency(this.served, port) >= count);
		}

		void assertRests() {
			int before = this.accepts.get();
			Awaitility.await().during(SHORT.multipliedBy(2)).until(() -> this.accepts.get() <= before + 2);
		}

		@Override
		public void close() {
			this.closed = true;
			Awaitility.await().until(() -> {
				AcceptGateTests.this.gate.wakeup();
				return !this.thread.isAlive();
			});
		}

	}

}
