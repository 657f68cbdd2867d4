package io.clusterboot.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.clusterboot.gate.ReceivedSocket;
import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.UnixSocket;
import org.awaitility.Awaitility;

/**
 * The sockets of a group's slots as workers have them, and clients of theirs.
 */
public final class SlotSockets implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final List<ServerSocketChannel> channels = new ArrayList<>();

	private final int port;

	public SlotSockets(ReusePortGroup group) throws IOException {
		this.port = group.port();
		for (Descriptor descriptor : group.descriptors()) {
			this.channels.add(ReceivedSocket.toChannel(receive(descriptor), group.isIpv6()));
		}
	}

	/**
	 * Pass a descriptor as to another process.
	 * @param descriptor the descriptor
	 * @return another descriptor of the same socket
	 * @throws IOException if that fails
	 */
	public static Descriptor receive(Descriptor descriptor) throws IOException {
		List<Descriptor> pair = UnixSocket.pair();
		List<Descriptor> received = new ArrayList<>();
		try (UnixSocket primary = new UnixSocket(pair.get(0)); UnixSocket worker = new UnixSocket(pair.get(1))) {
			primary.send(new byte[1], List.of(descriptor));
			worker.receive(received);
		}
		return received.get(0);
	}

	public List<ServerSocketChannel> channels() {
		return List.copyOf(this.channels);
	}

	/**
	 * Connect and see where that arrives.
	 * @param source the client's address
	 * @param target the server's address
	 * @return the slot
	 * @throws IOException if the connection fails
	 */
	public int reachedFrom(InetAddress source, InetAddress target) throws IOException {
		try (Socket client = new Socket()) {
			client.bind(new InetSocketAddress(source, 0));
			client.connect(new InetSocketAddress(target, this.port), (int) TIMEOUT.toMillis());
			client.setSoLinger(true, 0);
			return Awaitility.await()
				.pollInSameThread()
				.pollDelay(Duration.ZERO)
				.pollInterval(Duration.ofMillis(1))
				.atMost(TIMEOUT)
				.until(this::acceptAny, (slot) -> slot >= 0);
		}
	}

	private int acceptAny() throws IOException {
		for (int slot = 0; slot < this.channels.size(); slot++) {
			try (SocketChannel accepted = this.channels.get(slot).accept()) {
				if (accepted != null) {
					return slot;
				}
			}
		}
		return -1;
	}

	@Override
	public void close() throws IOException {
		for (ServerSocketChannel channel : this.channels) {
			channel.close();
		}
	}

}
