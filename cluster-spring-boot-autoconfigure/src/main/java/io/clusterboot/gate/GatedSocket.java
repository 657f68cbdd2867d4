package io.clusterboot.gate;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;

/**
 * A listening socket behind an {@link AcceptGate}.
 */
final class GatedSocket {

	private final ServerSocketChannel channel;

	private final SelectionKey key;

	private long lastAccepted = System.nanoTime();

	GatedSocket(ServerSocketChannel channel, Selector selector) throws IOException {
		this.channel = channel;
		this.key = channel.register(selector, SelectionKey.OP_ACCEPT);
	}

	ServerSocketChannel channel() {
		return this.channel;
	}

	/**
	 * Have the selector forget the channel with its next selection, and not before: until
	 * then it keeps the descriptor open, even of a channel that was closed.
	 */
	void cancel() {
		this.key.cancel();
	}

	boolean isSelected() {
		return this.channel.keyFor(this.key.selector()) != null;
	}

	boolean isEmpty() throws IOException {
		try (Selector selector = Selector.open()) {
			this.channel.register(selector, SelectionKey.OP_ACCEPT);
			return selector.selectNow() == 0;
		}
	}

	void accepted(long now) {
		this.lastAccepted = now;
	}

	long lastAccepted() {
		return this.lastAccepted;
	}

}
