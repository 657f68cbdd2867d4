package io.clusterboot.gate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SideDoor}, and for what {@link AcceptGate} makes of it.
 */
@Timeout(30)
@SuppressWarnings("try")
class SideDoorTests {

	private static final Duration SHORT = Duration.ofMillis(100);

	private static final Duration LONG = Duration.ofSeconds(20);

	private final AcceptGate gate = new AcceptGate();

	private ServerSocketChannel front;

	private SideDoor door;

	@BeforeEach
	void open() throws IOException {
		this.front = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		this.front.configureBlocking(false);
		this.gate.add(this.front);
		this.door = SideDoor.open(((InetSocketAddress) this.front.getLocalAddress()).getPort());
	}

	@AfterEach
	void close() throws IOException {
		this.door.close();
		this.front.close();
	}

	@Test
	void doorIsReachedFromThisMachineOnly() {
		assertThat(this.door.address().getAddress().isLoopbackAddress()).isTrue();
	}

	@Test
	void connectionPassesAGateThatIsClosedAndNoOtherDoes() throws Exception {
		this.door.start(this.gate, (connection) -> true);
		try (Socket atTheFront = connect(this.front); Socket aside = connect()) {
			try (SocketChannel accepted = accept()) {
				assertThat(accepted.getRemoteAddress()).isEqualTo(aside.getLocalSocketAddress());
				assertThat(accepted.isBlocking()).isTrue();
				this.gate.handedOver();
			}
			assertThat(this.gate.accept(SHORT)).isNull();
			assertThat(this.gate.isOpen()).isFalse();
			assertThat(atTheFront.isConnected()).isTrue();
		}
	}

	@Test
	void connectionPassesWhileTheServerWaitsAtAnOpenGate() throws Exception {
		this.door.start(this.gate, (connection) -> true);
		this.gate.open();
		CompletableFuture<SocketChannel> accepted = CompletableFuture.supplyAsync(this::accept);
		Awaitility.await().during(SHORT).until(() -> !accepted.isDone());
		try (Socket aside = connect(); SocketChannel connection = accepted.get()) {
			assertThat(connection.getRemoteAddress()).isEqualTo(aside.getLocalSocketAddress());
			this.gate.handedOver();
		}
	}

	@Test
	void connectionWaitsWhileTheServerHasSuspendedTheGate() throws Exception {
		this.door.start(this.gate, (connection) -> true);
		this.gate.suspend();
		try (Socket aside = connect()) {
			assertThat(this.gate.accept(SHORT)).isNull();
			this.gate.resume();
			try (SocketChannel connection = accept()) {
				assertThat(connection.getRemoteAddress()).isEqualTo(aside.getLocalSocketAddress());
				this.gate.handedOver();
			}
		}
	}

	@Test
	void suspendWaitsUntilTheServerHasWhatHasPassed() throws Exception {
		this.door.start(this.gate, (connection) -> true);
		try (Socket aside = connect(); SocketChannel connection = accept()) {
			assertThat(connection.getRemoteAddress()).isEqualTo(aside.getLocalSocketAddress());
			CompletableFuture<Void> suspended = CompletableFuture.runAsync(this.gate::suspend);
			Awaitility.await().during(SHORT).until(() -> !suspended.isDone());
			this.gate.handedOver();
			suspended.get();
		}
	}

	@Test
	void passingDoesNotMakeTheQueuesLookBusy() throws Exception {
		this.door.start(this.gate, (connection) -> true);
		CompletableFuture<Void> quiet = CompletableFuture
			.runAsync(() -> this.gate.awaitQuiet(Duration.ofMillis(300), LONG));
		while (!quiet.isDone()) {
			try (Socket aside = connect(); SocketChannel connection = accept()) {
				assertThat(connection).isNotNull();
				this.gate.handedOver();
			}
		}
	}

	@Test
	void strangerIsClosedWithoutAnAnswerAndOthersStillComeIn() throws Exception {
		this.door.start(this.gate, new Predicate<>() {

			private boolean first = true;

			@Override
			public boolean test(SocketChannel connection) {
				boolean admitted = !this.first;
				this.first = false;
				return admitted;
			}

		});
		try (Socket stranger = connect(); Socket friend = connect()) {
			assertThat(read(stranger)).isNegative();
			try (SocketChannel connection = accept()) {
				assertThat(connection.getRemoteAddress()).isEqualTo(friend.getLocalSocketAddress());
				this.gate.handedOver();
			}
		}
	}

	private int read(Socket socket) throws IOException {
		try {
			socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
			return socket.getInputStream().read();
		}
		catch (SocketException ex) {
			return -1;
		}
	}

	private SocketChannel accept() {
		try {
			SocketChannel connection = null;
			while (connection == null) {
				connection = this.gate.accept(LONG);
			}
			return connection;
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private Socket connect() throws IOException {
		return new Socket(this.door.address().getAddress(), this.door.address().getPort());
	}

	private static Socket connect(ServerSocketChannel channel) throws IOException {
		InetSocketAddress address = (InetSocketAddress) channel.getLocalAddress();
		return new Socket(address.getAddress(), address.getPort());
	}

}
