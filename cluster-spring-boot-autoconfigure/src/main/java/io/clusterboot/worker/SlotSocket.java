package io.clusterboot.worker;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.clusterboot.ClusterException;
import io.clusterboot.channel.Message;
import io.clusterboot.gate.AcceptGate;
import io.clusterboot.gate.ReceivedSocket;
import io.clusterboot.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket that a worker gets from its primary.
 */
final class SlotSocket {

	private final AcceptGate gate;

	private final CompletableFuture<ServerSocketChannel> arrived = new CompletableFuture<>();

	SlotSocket(AcceptGate gate) {
		this.gate = gate;
	}

	void arrive(Message.Welcome welcome, @Nullable Descriptor descriptor) throws IOException {
		ServerSocketChannel received = ReceivedSocket.toChannel(descriptor, welcome.ipv6());
		this.gate.add(received);
		this.arrived.complete(received);
	}

	void fail(Throwable reason) {
		this.arrived.completeExceptionally(reason);
	}

	/**
	 * Wait until it has come, for as long as it takes: a primary that was stopped will go
	 * on, and the end of one is noticed elsewhere.
	 * @return the gate with the socket behind it
	 * @throws ClusterException if the primary cannot be reached
	 */
	AcceptGate await() {
		try {
			this.arrived.get();
			return this.gate;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new ClusterException("Interrupted while waiting for the listening socket", ex);
		}
		catch (ExecutionException ex) {
			throw new ClusterException("The primary sent no listening socket", ex);
		}
	}

}
