package io.clusterboot.worker;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

import io.clusterboot.channel.Message;
import org.jspecify.annotations.Nullable;

/**
 * What a worker tells its primary, kept until there is a channel. May be used by any
 * thread.
 */
final class Outbox {

	private final Queue<Message> unsent = new ArrayDeque<>();

	private @Nullable Consumer<Message> primary;

	/**
	 * Send what was kept, behind the first word of a worker, and from now on everything.
	 * @param primary takes the messages
	 */
	synchronized void connect(Consumer<Message> primary) {
		primary.accept(new Message.Hello(Message.Hello.PROTOCOL));
		this.unsent.forEach(primary);
		this.primary = primary;
	}

	/**
	 * Send a message. What prevents that, as want of memory does, is thrown.
	 * @param message the message
	 */
	void send(Message message) {
		Consumer<Message> connected;
		synchronized (this) {
			connected = this.primary;
			if (connected == null) {
				this.unsent.add(message);
				return;
			}
		}
		connected.accept(message);
	}

}
