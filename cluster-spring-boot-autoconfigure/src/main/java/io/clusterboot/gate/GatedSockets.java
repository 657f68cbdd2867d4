package io.clusterboot.gate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The listening sockets behind an {@link AcceptGate}, which take turns. The first is the
 * gate's own. Not for several threads at once, but for {@link #select} and
 * {@link #wakeup}.
 */
final class GatedSockets {

	private final Selector selector;

	private final List<GatedSocket> sockets = new ArrayList<>();

	// Where the search starts, so that no socket starves another
	private int next;

	GatedSockets() {
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void add(ServerSocketChannel channel) throws IOException {
		this.sockets.add(new GatedSocket(channel, this.selector));
	}

	@Nullable GatedSocket own() {
		return (this.sockets.isEmpty()) ? null : this.sockets.get(0);
	}

	/**
	 * Make another socket the gate's own.
	 * @param channel its channel
	 * @return the one that was, now {@linkplain #remove removed}
	 */
	@Nullable GatedSocket replaceOwn(ServerSocketChannel channel) throws IOException {
		GatedSocket replacement = new GatedSocket(channel, this.selector);
		GatedSocket own = own();
		if (own != null) {
			remove(own);
		}
		this.sockets.add(0, replacement);
		return own;
	}

	@Nullable GatedSocket find(ServerSocketChannel channel) {
		return this.sockets.stream().filter((socket) -> socket.channel() == channel).findFirst().orElse(null);
	}

	/**
	 * Remove a socket. The selector lets go of it with its next selection.
	 * @param socket the socket
	 */
	void remove(GatedSocket socket) {
		this.sockets.remove(socket);
		socket.cancel();
	}

	/**
	 * Accept from the first socket, beginning with that whose turn it is, that has a
	 * connection.
	 * @return the connection or {@code null} if there is none
	 */
	@Nullable Accepted accept() throws IOException {
		for (int i = 0; i < this.sockets.size(); i++) {
			int index = (this.next + i) % this.sockets.size();
			Accepted accepted = accept(this.sockets.get(index));
			if (accepted != null) {
				this.next = index + 1;
				return accepted;
			}
		}
		return null;
	}

	private @Nullable Accepted accept(GatedSocket socket) throws IOException {
		GatedSocket own = this.sockets.get(0);
		try {
			return accepted(socket);
		}
		catch (IOException ex) {
			if (socket == own) {
				throw ex;
			}
			Accepted accepted = accept(own);
			// One that was accepted may have taken the last descriptor: the next turn
			// tells
			return (accepted != null) ? accepted : acceptOrRemove(socket);
		}
	}

	private @Nullable Accepted acceptOrRemove(GatedSocket socket) {
		try {
			return accepted(socket);
		}
		catch (IOException ex) {
			// This process can accept, so it is the socket that was shut down elsewhere:
			// it would be ready, and fail, for ever
			remove(socket);
			return null;
		}
	}

	private static @Nullable Accepted accepted(GatedSocket socket) throws IOException {
		SocketChannel connection = socket.channel().accept();
		return (connection != null) ? new Accepted(connection, socket) : null;
	}

	/**
	 * Wait until a socket has a connection, or somebody calls {@link #wakeup}.
	 * @param timeout the longest time to wait
	 */
	void select(Duration timeout) throws IOException {
		this.selector.select((key) -> {
		}, timeout.toMillis());
	}

	void selectNow() throws IOException {
		this.selector.selectNow((key) -> {
		});
	}

	void wakeup() {
		this.selector.wakeup();
	}

	/**
	 * A connection.
	 *
	 * @param connection the connection, in blocking mode
	 * @param socket where it came from
	 */
	record Accepted(SocketChannel connection, GatedSocket socket) {

	}

}
