package io.clusterboot.gate;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * A second way into a server behind an {@link AcceptGate}, whether the gate is open or
 * not: a listening socket on the loopback interface that this process has for itself. So
 * one worker can be spoken to apart from its siblings, before it serves and while it
 * drains.
 * <p>
 * Whoever is not admitted is closed without an answer. To find that out may take its
 * time, which is why it is done by a thread of its own and not by the server's.
 */
public final class SideDoor {

	private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

	// The second is for hosts that have no IPv4
	static final byte[][] LOOPBACK = { { 127, 0, 0, 1 }, { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 } };

	private final ServerSocketChannel channel;

	private final InetSocketAddress address;

	private SideDoor(ServerSocketChannel channel) throws IOException {
		this.channel = channel;
		this.address = (InetSocketAddress) channel.getLocalAddress();
	}

	/**
	 * Take any free port of the loopback interface.
	 * @param serverPort the port that the server's other connections come to, which is
	 * not taken even where it is free on this interface: nothing else tells them apart
	 * @return the door, at which nobody is answered before it is {@linkplain #start
	 * started}
	 * @throws IOException if there is none
	 */
	public static SideDoor open(int serverPort) throws IOException {
		IOException failure = null;
		for (byte[] loopback : LOOPBACK) {
			try {
				return new SideDoor(bind(new InetSocketAddress(InetAddress.getByAddress(loopback), 0), serverPort));
			}
			catch (IOException | UnsupportedOperationException ex) {
				failure = (failure != null) ? failure : new IOException(ex);
			}
		}
		throw (failure != null) ? failure : new IOException();
	}

	private static ServerSocketChannel bind(InetSocketAddress any, int serverPort) throws IOException {
		ServerSocketChannel channel = ServerSocketChannel.open();
		try {
			channel.bind(any);
			if (((InetSocketAddress) channel.getLocalAddress()).getPort() != serverPort) {
				return channel;
			}
			// While this one has the port the next gets another
			ServerSocketChannel other = bind(any, serverPort);
			channel.close();
			return other;
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Return where it is.
	 * @return the address
	 */
	public InetSocketAddress address() {
		return this.address;
	}

	/**
	 * Let connections in from now on.
	 * @param gate passes them to the server
	 * @param admits says who may come in
	 */
	public void start(AcceptGate gate, Predicate<SocketChannel> admits) {
		Thread thread = new Thread(() -> accept(gate, admits), "cluster-side-door");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept(AcceptGate gate, Predicate<SocketChannel> admits) {
		while (this.channel.isOpen() && !Thread.currentThread().isInterrupted()) {
			try {
				SocketChannel connection = this.channel.accept();
				if (admits.test(connection)) {
					gate.pass(connection);
				}
				else {
					connection.close();
				}
			}
			catch (ClosedChannelException ex) {
				return;
			}
			catch (IOException ex) {
				// This process has no descriptor left, which would be so at once again
				LockSupport.parkNanos(PAUSE_NANOS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Let nobody in any more.
	 * @throws IOException if that fails
	 */
	public void close() throws IOException {
		this.channel.close();
	}

}
