package io.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.clusterboot.channel.Message;
import io.clusterboot.gate.AcceptGate;
import io.clusterboot.gate.ReceivedSocket;
import io.clusterboot.posix.Descriptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogMessage;

/**
 * The sockets that the primary sends later than the first: those of slots that nobody
 * else serves, and the one that makes a spare a slot's worker. What they are told to do
 * is what messages say, in their order and from one thread.
 */
final class AdoptedSockets {

	private static final Log logger = LogFactory.getLog(AdoptedSockets.class);

	private final AcceptGate gate;

	private final Consumer<Message> send;

	private final Map<Integer, ServerSocketChannel> bySlot = new HashMap<>();

	// Letting go of a socket waits for others, and the primary must be heard meanwhile
	private final ThreadPoolExecutor background = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
			new LinkedBlockingQueue<>(), (task) -> {
				Thread thread = new Thread(task, "cluster-adoption");
				thread.setDaemon(true);
				return thread;
			});

	AdoptedSockets(AcceptGate gate, Consumer<Message> send) {
		this.gate = gate;
		this.send = send;
		// When it is needed this process may be able to create no more threads
		this.background.prestartAllCoreThreads();
	}

	void adopt(Message.Adopt adopt, @Nullable Descriptor descriptor) {
		letGo(adopt.slot());
		try {
			ServerSocketChannel channel = ReceivedSocket.toChannel(descriptor, adopt.ipv6());
			orClose(channel, () -> this.gate.add(channel));
			this.bySlot.put(adopt.slot(), channel);
			logger.debug(LogMessage.format("Slot %d adopted: what waits for it is served here", adopt.slot()));
		}
		catch (IOException ex) {
			logger.warn(LogMessage.format("Slot %d cannot be adopted", adopt.slot()), ex);
			this.send.accept(new Message.SocketFailed(adopt.slot(), ex.toString()));
		}
	}

	void release(Message.Release release) {
		int slot = release.slot();
		ServerSocketChannel channel = this.bySlot.remove(slot);
		if (channel != null) {
			this.background.execute(() -> {
				Message answer = (release.last()) ? empty(slot, channel) : null;
				remove(slot, channel);
				logger.debug(LogMessage.format("Slot %d released", slot));
				if (answer != null) {
					this.send.accept(answer);
				}
			});
		}
	}

	/**
	 * Accept from a slot's socket instead of the one that this worker had.
	 * @param assign the slot
	 * @param descriptor the socket
	 * @return whether that succeeded; if not, the primary is told
	 */
	boolean assign(Message.Assign assign, @Nullable Descriptor descriptor) {
		letGo(assign.slot());
		try {
			ServerSocketChannel channel = ReceivedSocket.toChannel(descriptor, assign.ipv6());
			orClose(channel, () -> {
				ServerSocketChannel before = this.gate.replaceOwn(channel);
				if (before != null) {
					before.close();
				}
			});
			logger.info(LogMessage.format("Slot %d assigned: this worker is no longer a spare", assign.slot()));
			return true;
		}
		catch (IOException ex) {
			logger.error(LogMessage.format("Slot %d cannot be assigned", assign.slot()), ex);
			this.send.accept(new Message.SocketFailed(assign.slot(), ex.toString()));
			return false;
		}
	}

	// What the gate does not take nobody would ever close
	private static void orClose(ServerSocketChannel channel, GateChange change) throws IOException {
		try {
			change.make();
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	private void letGo(int slot) {
		ServerSocketChannel channel = this.bySlot.remove(slot);
		if (channel != null) {
			this.background.execute(() -> remove(slot, channel));
		}
	}

	// The primary closes a socket that was released, which resets what waits for it
	private Message empty(int slot, ServerSocketChannel channel) {
		try {
			if (this.gate.awaitEmpty(channel, WorkerGate.QUIET, WorkerGate.LIMIT)) {
				return new Message.Released(slot);
			}
			logger.warn(LogMessage.format("Connections still wait for slot %d after %d ms", slot,
					WorkerGate.LIMIT.toMillis()));
			return new Message.SocketFailed(slot, "connections still wait");
		}
		catch (IOException ex) {
			logger.warn(LogMessage.format("Nobody knows whether connections wait for slot %d", slot), ex);
			return new Message.SocketFailed(slot, ex.toString());
		}
	}

	private void remove(int slot, ServerSocketChannel channel) {
		try {
			this.gate.remove(channel);
			channel.close();
		}
		catch (IOException ex) {
			logger.warn(LogMessage.format("The socket of slot %d cannot be closed", slot), ex);
		}
	}

	/**
	 * Something that the gate may not be able to do.
	 */
	@FunctionalInterface
	private interface GateChange {

		void make() throws IOException;

	}

}
