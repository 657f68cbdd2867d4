package io.clusterboot.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

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
		Awaitility.await()
			.until(() -> thread.getState() == Thread.State.TIMED_WAITING || thread.getState() == Thread.State.RUNNABLE);
		return result;
	}

	private ServerSocketChannel listen() throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		this.opened.add(channel);
		channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		channel.configureBlocking(false);
		this.gate.add(channel);
		return channel;
	}

	private SocketChannel connect(ServerSocketChannel channel) throws IOException {
		SocketChannel client = SocketChannel.open(channel.getLocalAddress());
		this.opened.add(client);
		return client;
	}

	private int port(ServerSocketChannel channel) throws IOException {
		return ((InetSocketAddress) channel.getLocalAddress()).getPort();
	}

}
