package io.clusterboot.listen;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.contract.Steering;
import io.clusterboot.posix.InetSocket;
import io.clusterboot.posix.PosixException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ReusePortGroup}, with real sockets.
 */
class ReusePortGroupTests {

	private static final int BACKLOG = 64;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final List<AutoCloseable> opened = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.opened) {
			closeable.close();
		}
	}

	@Test
	void openWhenPortIsZeroGivesAllSlotsOneFreePort() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 3);
		assertThat(group.port()).isPositive();
		assertThat(group.descriptors()).hasSize(3);
		group.listen(BACKLOG);
		connect("127.0.0.1", group.port());
	}

	@Test
	void nobodyCanConnectBeforeTheGroupListens() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect("127.0.0.1", group.port()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void connectionsArriveAtEveryKindOfAddress(String host) throws IOException {
		ReusePortGroup group = open(host, 0, 2);
		group.listen(BACKLOG);
		List<ServerSocketChannel> slots = slots(group);
		connect(target(host), group.port());
		awaitAccepted(slots, 1);
		assertThat(group.isIpv6()).isEqualTo(!"127.0.0.1".equals(host));
		if ("any".equals(host)) {
			connect("::1", group.port());
			awaitAccepted(slots, 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void openWhenServerListensFails(String host) throws IOException {
		try (ServerSocket server = new ServerSocket()) {
			server.bind(new InetSocketAddress(address(host), 0));
			assertInUse(host, server.getLocalPort());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void secondGroupFailsBeforeTheFirstListens(String host) throws IOException {
		assertInUse(host, open(host, 0, 2).port());
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void secondGroupFailsAfterTheFirstListens(String host) throws IOException {
		ReusePortGroup group = open(host, 0, 2);
		group.listen(BACKLOG);
		assertInUse(host, group.port());
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void plainServerFailsBeforeTheGroupListens(String host) throws IOException {
		ReusePortGroup group = open(host, 0, 2);
		assertServerFails(host, group.port());
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void plainServerFailsAfterTheGroupListens(String host) throws IOException {
		ReusePortGroup group = open(host, 0, 2);
		group.listen(BACKLOG);
		assertServerFails(host, group.port());
	}

	@Test
	void groupThatFailedToOpenLeavesThePortToItsOwner() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		assertInUse("127.0.0.1", group.port());
		group.listen(BACKLOG);
		connect("127.0.0.1", group.port());
		awaitAccepted(slots(group), 1);
	}

	@Test
	void groupOfOneSlotIsExclusiveToo() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 1);
		assertInUse("127.0.0.1", group.port());
		assertServerFails("127.0.0.1", group.port());
		group.listen(BACKLOG);
		assertInUse("127.0.0.1", group.port());
	}

	@Test
	void steerToSendsAllConnectionsToTheChosenSlots() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 4);
		group.listen(BACKLOG);
		List<ServerSocketChannel> slots = slots(group);
		for (int chosen = 0; chosen < 4; chosen++) {
			group.steerTo(Steering.evenly(Set.of(chosen)));
			connect("127.0.0.1", group.port(), 20);
			awaitAccepted(List.of(slots.get(chosen)), 20);
		}
		group.steerTo(Steering.evenly(Set.of(1, 3)));
		connect("127.0.0.1", group.port(), 60);
		awaitAccepted(List.of(slots.get(1), slots.get(3)), 60);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void steerToAllOrNoneSpreadsConnectionsAgain(boolean all) throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		group.listen(BACKLOG);
		List<ServerSocketChannel> slots = slots(group);
		group.steerTo(Steering.evenly(Set.of(1)));
		group.steerTo((all) ? Steering.evenly(Set.of(0, 1)) : Steering.NOWHERE);
		connect("127.0.0.1", group.port(), 60);
		awaitAccepted(List.of(slots.get(0)), 1);
		awaitAccepted(List.of(slots.get(1)), 1);
	}

	@Test
	void holdLetsNothingBeginAndWhatIsQueuedBeAccepted() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		group.listen(BACKLOG);
		connect("127.0.0.1", group.port(), 10);
		group.hold();
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> connect("127.0.0.1", group.port(), Duration.ofMillis(300)));
		awaitAccepted(slots(group), 10);
	}

	@Test
	void refuseRefusesNewConnections() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		group.listen(BACKLOG);
		connect("127.0.0.1", group.port());
		group.hold();
		group.refuse();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect("127.0.0.1", group.port()));
		group.refuse();
	}

	@Test
	void refuseBeforeTheGroupListensDoesNothing() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		group.steerTo(Steering.evenly(Set.of(1)));
		group.refuse();
		group.listen(BACKLOG);
		connect("127.0.0.1", group.port());
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void growWhenListeningSendsNothingToTheNewSlotsUntilSteeredTo(String host) throws Exception {
		ReusePortGroup group = open(host, 0, 2);
		group.listen(BACKLOG);
		try (Stream stream = new Stream(target(host), group.port(), slots(group))) {
			stream.awaitMore(50);
			group.grow(4);
			assertThat(group.descriptors()).hasSize(4);
			List<ServerSocketChannel> added = slots(group).subList(2, 4);
			stream.awaitMore(200);
			assertThat(added.get(0).accept()).isNull();
			assertThat(added.get(1).accept()).isNull();
			group.steerTo(Steering.evenly(Set.of(0, 1, 2, 3)));
			stream.serve(added);
			stream.awaitServed(added.get(0));
			stream.awaitServed(added.get(1));
			assertThat(stream.failures).isEmpty();
		}
	}

	@Test
	void growWhenSteeredKeepsToTheChosenSlots() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		group.listen(BACKLOG);
		group.steerTo(Steering.evenly(Set.of(1)));
		group.grow(3);
		connect("127.0.0.1", group.port(), 40);
		List<ServerSocketChannel> slots = slots(group);
		awaitAccepted(List.of(slots.get(1)), 40);
		group.steerTo(Steering.evenly(Set.of(1, 2)));
		connect("127.0.0.1", group.port(), 40);
		awaitAccepted(List.of(slots.get(2)), 1);
		group.steerTo(Steering.evenly(Set.of(0, 1)));
		awaitAccepted(slots, 0);
		connect("127.0.0.1", group.port(), 40);
		awaitAccepted(slots.subList(0, 2), 40);
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void growBeforeTheGroupListensOnlyBinds(String host) throws IOException {
		ReusePortGroup group = open(host, 0, 1);
		group.grow(3);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(target(host), group.port()));
		assertInUse(host, group.port());
		assertServerFails(host, group.port());
		group.listen(BACKLOG);
		connect(target(host), group.port(), 60);
		for (ServerSocketChannel slot : slots(group)) {
			awaitAccepted(List.of(slot), 1);
		}
	}

	@Test
	void growOfAnInheritedGroupBindsToItsAddress() throws IOException {
		ReusePortGroup opened = open("127.0.0.1", 0, 1);
		ReusePortGroup inherited = ReusePortGroup.inherited(opened.descriptors(), opened.isIpv6());
		this.opened.add(inherited::close);
		inherited.listen(BACKLOG);
		inherited.grow(2);
		inherited.steerTo(Steering.evenly(Set.of(1)));
		connect("127.0.0.1", inherited.port(), 10);
		awaitAccepted(List.of(slots(inherited).get(1)), 10);
		assertThat(slots(inherited).get(1).getLocalAddress())
			.isEqualTo(new InetSocketAddress("127.0.0.1", opened.port()));
	}

	@Test
	void growWhenItFailsLeavesTheGroupAsItWas() throws IOException {
		InetSocket unshared = InetSocket.create(false);
		unshared.bind(new InetSocketAddress("127.0.0.1", 0), false);
		ReusePortGroup group = ReusePortGroup.inherited(List.of(unshared.descriptor()), false);
		this.opened.add(group::close);
		group.listen(BACKLOG);
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> group.grow(3))
			.withMessageContaining("bind(port %d) failed".formatted(group.port()))
			.matches(PosixException::isAddressInUse);
		assertThat(group.descriptors()).hasSize(1);
		connect("127.0.0.1", group.port(), 10);
		awaitAccepted(slots(group), 10);
	}

	@Test
	void growAfterHoldLetsNothingBeginOnTheNewSlots() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 1);
		group.listen(BACKLOG);
		group.hold();
		group.grow(2);
		group.steerTo(Steering.evenly(Set.of(1)));
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> connect("127.0.0.1", group.port(), Duration.ofMillis(300)));
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void portStaysExclusiveWhileTheGroupGrows(boolean listening) throws Exception {
		ReusePortGroup group = open("127.0.0.1", 0, 1);
		if (listening) {
			group.listen(BACKLOG);
		}
		int port = group.port();
		CompletableFuture<Void> growing = CompletableFuture.runAsync(() -> {
			try {
				for (int slots = 2; slots <= 100; slots++) {
					group.grow(slots);
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		do {
			assertInUse("127.0.0.1", port);
			assertServerFails("127.0.0.1", port);
		}
		while (!growing.isDone());
		growing.get();
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "any" })
	void shrinkResetsNoConnectionWhenTheQueueIsEmpty(String host) throws Exception {
		ReusePortGroup group = open(host, 0, 4);
		group.listen(BACKLOG);
		List<ServerSocketChannel> slots = slots(group);
		try (Stream stream = new Stream(target(host), group.port(), slots)) {
			stream.awaitMore(100);
			group.steerTo(Steering.evenly(Set.of(0, 1)));
			stream.awaitMore(100);
			group.shrink(2);
			assertThat(group.descriptors()).hasSize(2);
			stream.awaitMore(200);
			assertThat(stream.failures).isEmpty();
		}
		// Workers that still hold the sockets change nothing
		group.grow(3);
		group.steerTo(Steering.evenly(Set.of(2)));
		connect(target(host), group.port(), 20);
		awaitAccepted(List.of(slots(group).get(2)), 20);
	}

	@Test
	void shrinkWhenNobodyIsServedSendsNothingToTheClosedSlot() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 3);
		group.listen(BACKLOG);
		group.steerTo(Steering.evenly(Set.of(2)));
		group.steerTo(Steering.evenly(Set.of()));
		group.shrink(2);
		connect("127.0.0.1", group.port(), 60);
		List<ServerSocketChannel> slots = slots(group);
		awaitAccepted(List.of(slots.get(0)), 1);
		awaitAccepted(List.of(slots.get(1)), 1);
	}

	@Test
	void shrinkWhenOnlyTheClosedSlotIsServedSpreadsOverTheOthers() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 3);
		group.listen(BACKLOG);
		group.steerTo(Steering.evenly(Set.of(2)));
		group.shrink(2);
		connect("127.0.0.1", group.port(), 60);
		List<ServerSocketChannel> slots = slots(group);
		awaitAccepted(List.of(slots.get(0)), 1);
		awaitAccepted(List.of(slots.get(1)), 1);
	}

	@Test
	void shrinkBeforeTheGroupListensOnlyCloses() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 3);
		group.shrink(1);
		assertInUse("127.0.0.1", group.port());
		group.listen(BACKLOG);
		connect("127.0.0.1", group.port(), 20);
		awaitAccepted(slots(group), 20);
	}

	@Test
	void shrinkNeverGivesUpThePort() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		assertThatIllegalArgumentException().isThrownBy(() -> group.shrink(0));
	}

	@Test
	void listenAgainChangesTheBacklogOfOldAndNewSlots() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 1);
		group.listen(1);
		assertBacklogOfOne(group);
		group.grow(2);
		group.steerTo(Steering.evenly(Set.of(1)));
		assertBacklogOfOne(group);
		group.listen(BACKLOG);
		connect("127.0.0.1", group.port(), 20);
		group.steerTo(Steering.evenly(Set.of(0)));
		connect("127.0.0.1", group.port(), 20);
		awaitAccepted(slots(group), 44);
	}

	@Test
	void openOverConnectionsOfAGroupInTimeWaitSucceeds() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		group.listen(BACKLOG);
		int port = group.port();
		List<ServerSocketChannel> slots = slots(group);
		Socket client = connect("127.0.0.1", port);
		for (SocketChannel accepted : awaitAccepted(slots, 1)) {
			accepted.close();
		}
		client.close();
		for (ServerSocketChannel slot : slots) {
			slot.close();
		}
		group.close();
		reopen(port);
	}

	@Test
	void openOverConnectionsOfAPlainServerInTimeWaitSucceeds() throws IOException {
		ServerSocket server = new ServerSocket(0, BACKLOG, InetAddress.getByName("127.0.0.1"));
		int port = server.getLocalPort();
		Socket client = connect("127.0.0.1", port);
		server.accept().close();
		client.close();
		server.close();
		reopen(port);
	}

	@Test
	void plainServerOpensOverConnectionsOfAGroupInTimeWait() throws IOException {
		ReusePortGroup group = open("127.0.0.1", 0, 2);
		group.listen(BACKLOG);
		int port = group.port();
		List<ServerSocketChannel> slots = slots(group);
		Socket client = connect("127.0.0.1", port);
		for (SocketChannel accepted : awaitAccepted(slots, 1)) {
			accepted.close();
		}
		client.close();
		for (ServerSocketChannel slot : slots) {
			slot.close();
		}
		group.close();
		assertInTimeWait(port);
		try (ServerSocket server = new ServerSocket(port, BACKLOG, InetAddress.getByName("127.0.0.1"))) {
			assertThat(server.isBound()).isTrue();
		}
	}

	// The kernel lets one more wait
	private void assertBacklogOfOne(ReusePortGroup group) throws IOException {
		connect("127.0.0.1", group.port(), 2);
		assertThatExceptionOfType(SocketTimeoutException.class)
			.isThrownBy(() -> connect("127.0.0.1", group.port(), Duration.ofMillis(300)));
	}

	private void reopen(int port) throws IOException {
		assertInTimeWait(port);
		ReusePortGroup again = open("127.0.0.1", port, 2);
		assertInUse("127.0.0.1", port);
		assertServerFails("127.0.0.1", port);
		again.listen(BACKLOG);
		connect("127.0.0.1", port);
		awaitAccepted(slots(again), 1);
	}

	private ReusePortGroup open(String host, int port, int slots) throws IOException {
		ReusePortGroup group = ReusePortGroup.open(address(host), port, slots);
		this.opened.add(group::close);
		return group;
	}

	private List<ServerSocketChannel> slots(ReusePortGroup group) throws IOException {
		SlotSockets slots = new SlotSockets(group);
		this.opened.add(slots);
		return slots.channels();
	}

	private void connect(String host, int port, int times) throws IOException {
		for (int i = 0; i < times; i++) {
			connect(host, port);
		}
	}

	private Socket connect(String host, int port) throws IOException {
		return connect(host, port, TIMEOUT);
	}

	private Socket connect(String host, int port, Duration timeout) throws IOException {
		Socket socket = new Socket();
		this.opened.add(socket);
		socket.connect(new InetSocketAddress(host, port), (int) timeout.toMillis());
		return socket;
	}

	private List<SocketChannel> awaitAccepted(List<ServerSocketChannel> slots, int count) {
		List<SocketChannel> accepted = new ArrayList<>();
		Awaitility.await().pollInSameThread().atMost(TIMEOUT).until(() -> {
			for (ServerSocketChannel slot : slots) {
				for (SocketChannel next = slot.accept(); next != null; next = slot.accept()) {
					this.opened.add(next);
					accepted.add(next);
				}
			}
			return accepted.size() >= count;
		});
		return accepted;
	}

	private static String target(String host) {
		return ("any".equals(host)) ? "127.0.0.1" : host;
	}

	private static @Nullable InetAddress address(String host) throws UnknownHostException {
		return ("any".equals(host)) ? null : InetAddress.getByName(host);
	}

	private static void assertInUse(String host, int port) {
		assertThatExceptionOfType(PosixException.class).isThrownBy(() -> ReusePortGroup.open(address(host), port, 2))
			.matches(PosixException::isAddressInUse);
	}

	private static void assertServerFails(String host, int port) {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> {
			try (ServerSocket server = new ServerSocket()) {
				server.setReuseAddress(true);
				server.bind(new InetSocketAddress(address(host), port));
			}
		});
	}

	private static void assertInTimeWait(int port) throws IOException {
		// state 06 is TIME_WAIT: include/net/tcp_states.h
		String local = ":%04X ".formatted(port);
		List<String> connections = new ArrayList<>(Files.readAllLines(Path.of("/proc/net/tcp")));
		connections.addAll(Files.readAllLines(Path.of("/proc/net/tcp6")));
		assertThat(connections).anyMatch((line) -> line.contains(local) && line.matches(".*: \\S+ \\S+ 06 .*"));
	}

	/**
	 * Clients that connect one after the other, and a server that says one byte to each.
	 */
	private static final class Stream implements AutoCloseable {

		private final Map<ServerSocketChannel, AtomicInteger> slots = new ConcurrentHashMap<>();

		private final List<IOException> failures = new CopyOnWriteArrayList<>();

		private final AtomicInteger answered = new AtomicInteger();

		private final AtomicBoolean closed = new AtomicBoolean();

		private final List<Thread> clients;

		Stream(String host, int port, List<ServerSocketChannel> slots) {
			serve(slots);
			this.clients = List.of(new Thread(() -> connect(host, port)), new Thread(() -> connect(host, port)));
			this.clients.forEach(Thread::start);
			new Thread(this::accept).start();
		}

		void serve(List<ServerSocketChannel> slots) {
			slots.forEach((slot) -> this.slots.put(slot, new AtomicInteger()));
		}

		void awaitMore(int count) {
			int target = this.answered.get() + count;
			Awaitility.await().atMost(TIMEOUT).until(() -> this.answered.get() >= target);
		}

		void awaitServed(ServerSocketChannel slot) {
			Awaitility.await().atMost(TIMEOUT).until(() -> this.slots.get(slot).get() > 0);
		}

		private void accept() {
			while (this.clients.stream().anyMatch(Thread::isAlive)) {
				this.slots.forEach((slot, count) -> {
					try (SocketChannel accepted = slot.accept()) {
						if (accepted != null) {
							accepted.write(ByteBuffer.wrap(new byte[1]));
							count.incrementAndGet();
						}
					}
					catch (IOException ex) {
						// the slot is closed
						this.slots.remove(slot);
					}
				});
				Thread.onSpinWait();
			}
		}

		private void connect(String host, int port) {
			while (!this.closed.get()) {
				try (Socket socket = new Socket()) {
					socket.connect(new InetSocketAddress(host, port), (int) TIMEOUT.toMillis());
					socket.setSoTimeout((int) TIMEOUT.toMillis());
					if (socket.getInputStream().read() != 0) {
						throw new IOException("No answer");
					}
					this.answered.incrementAndGet();
				}
				catch (IOException ex) {
					this.failures.add(ex);
				}
			}
		}

		@Override
		public void close() {
			this.closed.set(true);
			Awaitility.await().until(() -> this.clients.stream().noneMatch(Thread::isAlive));
		}

	}

}
