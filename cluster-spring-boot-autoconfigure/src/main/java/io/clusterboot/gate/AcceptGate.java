package io.clusterboot.gate;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Stands between a web server and its listening sockets: while it is open it hands out
 * accepted connections one by one, while it is closed none. The server never sees a
 * listening socket, so nothing it does can lose a connection that waits in one.
 * <p>
 * The first socket that is added is the gate's own. Others come and go while the gate is
 * in use, and take turns with it.
 * <p>
 * Whoever decides about the worker's traffic opens and closes the gate. The server itself
 * {@linkplain #suspend() suspends} and {@linkplain #resume() resumes} it when it stops
 * and starts, so a server that is started again serves as it did before.
 * <p>
 * What comes through a {@link SideDoor} is {@linkplain #pass passed} by, open or not.
 * <p>
 * One server thread alternates between {@link #accept} and {@link #handedOver}; all other
 * methods may be called from any thread. A gate starts closed.
 */
public final class AcceptGate {

	private final Object monitor = new Object();

	// Guarded by monitor, but for selecting
	private final GatedSockets sockets = new GatedSockets();

	// Guarded by monitor
	private boolean open;

	// Guarded by monitor
	private boolean suspended;

	// Guarded by monitor
	private long lastAccepted = System.nanoTime();

	// Guarded by monitor: what goes past the gate and the server has not asked for yet
	private @Nullable SocketChannel passing;

	// Guarded by monitor: whose connection was accepted that the server does not have
	// yet, or the connection that went past the gate
	private @Nullable Object handingOver;

	// Guarded by monitor: nobody else may select meanwhile, or would be stuck in it
	private boolean selecting;

	/**
	 * Accept from one more listening socket.
	 * @param channel a non-blocking channel; it is never closed by the gate
	 * @throws IOException if the channel cannot be selected on
	 */
	public void add(ServerSocketChannel channel) throws IOException {
		synchronized (this.monitor) {
			this.sockets.add(channel);
		}
		this.sockets.wakeup();
	}

	/**
	 * Accept no longer from a listening socket. When this returns, every connection that
	 * was accepted from it is in the server's hands and no other will be, and the channel
	 * can be closed. What waits in its queue stays there for others who hold the socket.
	 * @param channel the channel; without effect if it was not added
	 * @throws IOException if the selector does not let go of it
	 */
	public void remove(ServerSocketChannel channel) throws IOException {
		synchronized (this.monitor) {
			GatedSocket socket = this.sockets.find(channel);
			if (socket != null) {
				this.sockets.remove(socket);
				awaitGone(socket);
			}
		}
	}

	/**
	 * Make another listening socket the gate's own.
	 * @param channel a non-blocking channel; it is never closed by the gate
	 * @return the channel that was its own, {@linkplain #remove removed}, or {@code null}
	 * if it had none
	 * @throws IOException if the channel cannot be selected on
	 */
	public @Nullable ServerSocketChannel replaceOwn(ServerSocketChannel channel) throws IOException {
		synchronized (this.monitor) {
			GatedSocket before = this.sockets.replaceOwn(channel);
			this.sockets.wakeup();
			if (before == null) {
				return null;
			}
			awaitGone(before);
			return before.channel();
		}
	}

	/**
	 * {@linkplain #remove Remove} all listening sockets and close them. What waits in
	 * their queues is reset unless somebody else holds them.
	 * @throws IOException if one cannot be closed
	 */
	public void closeSockets() throws IOException {
		synchronized (this.monitor) {
			for (GatedSocket own = this.sockets.own(); own != null; own = this.sockets.own()) {
				remove(own.channel());
				own.channel().close();
			}
		}
	}

	/**
	 * Return the gate's own listening socket, for questions about its address.
	 * @return the channel or {@code null} if none has been added
	 */
	public @Nullable ServerSocketChannel channel() {
		synchronized (this.monitor) {
			GatedSocket own = this.sockets.own();
			return (own != null) ? own.channel() : null;
		}
	}

	/**
	 * Let connections through.
	 */
	public void open() {
		synchronized (this.monitor) {
			this.open = true;
			this.monitor.notifyAll();
		}
	}

	/**
	 * Let no more connections through. When this returns, every connection that was
	 * accepted is in the server's hands and no other will be but those that are
	 * {@linkplain #pass passed}.
	 */
	public void close() {
		synchronized (this.monitor) {
			this.open = false;
			awaitHandOver();
		}
	}

	/**
	 * Let no more connections through until {@link #resume()}, whether open or not. When
	 * this returns, every connection that was accepted is in the server's hands.
	 */
	public void suspend() {
		synchronized (this.monitor) {
			this.suspended = true;
			awaitHandOver();
		}
	}

	/**
	 * End what {@link #suspend()} began.
	 */
	public void resume() {
		synchronized (this.monitor) {
			this.suspended = false;
			this.monitor.notifyAll();
		}
	}

	/**
	 * Return whether connections are let through, unless the server has suspended the
	 * gate.
	 * @return whether the gate is open
	 */
	public boolean isOpen() {
		synchronized (this.monitor) {
			return this.open;
		}
	}

	/**
	 * Make a waiting {@link #accept} return early.
	 */
	public void wakeup() {
		synchronized (this.monitor) {
			this.monitor.notifyAll();
		}
		this.sockets.wakeup();
	}

	/**
	 * Wait for a connection. After one was returned, {@link #handedOver} must be called
	 * when the server has taken charge of it.
	 * @param timeout the longest time to wait
	 * @return a connection in blocking mode, or {@code null} if there was none in time
	 * @throws IOException if a connection could not be accepted, for example because the
	 * process has no descriptor left
	 */
	public @Nullable SocketChannel accept(Duration timeout) throws IOException {
		if (!awaitOpen(timeout)) {
			return null;
		}
		SocketChannel accepted = acceptNow();
		if (accepted == null && beginSelection()) {
			try {
				this.sockets.select(timeout);
			}
			finally {
				endSelection();
			}
			accepted = acceptNow();
		}
		return accepted;
	}

	/**
	 * Give the server a connection that no listening socket of the gate has accepted,
	 * open or not. Waits until the server asks for it, which it does not while the gate
	 * is suspended. For one thread at a time.
	 * @param connection a connection in blocking mode
	 * @throws InterruptedException if the thread is interrupted while it waits
	 */
	public void pass(SocketChannel connection) throws InterruptedException {
		synchronized (this.monitor) {
			this.passing = connection;
			wakeup();
			while (this.passing == connection) {
				this.monitor.wait();
			}
		}
	}

	/**
	 * Say that the server has taken charge of what {@link #accept} returned.
	 */
	public void handedOver() {
		synchronized (this.monitor) {
			this.handingOver = null;
			this.monitor.notifyAll();
		}
	}

	/**
	 * Wait until no connection has come for a while, which means that the queues are
	 * empty when nothing can be added to them.
	 * @param quiet how long nothing must have come
	 * @param timeout the longest time to wait
	 */
	public void awaitQuiet(Duration quiet, Duration timeout) {
		Waits.awaitQuiet(this.monitor, () -> this.lastAccepted, quiet, System.nanoTime() + timeout.toNanos());
	}

	/**
	 * Wait until no connection has come from one listening socket for a while and none
	 * waits in its queue, which a gate that is closed or a server that is full leaves
	 * there.
	 * @param channel the socket's channel
	 * @param quiet how long nothing must have come
	 * @param timeout the longest time to wait
	 * @return whether the queue is empty; also {@code true} if the channel was not added
	 * @throws IOException if that cannot be found out
	 */
	public boolean awaitEmpty(ServerSocketChannel channel, Duration quiet, Duration timeout) throws IOException {
		long deadline = System.nanoTime() + timeout.toNanos();
		GatedSocket socket;
		synchronized (this.monitor) {
			socket = this.sockets.find(channel);
		}
		boolean empty = socket == null;
		while (!empty && System.nanoTime() - deadline < 0 && !Thread.currentThread().isInterrupted()) {
			Waits.awaitQuiet(this.monitor, socket::lastAccepted, quiet, deadline);
			empty = socket.isEmpty();
		}
		return empty;
	}

	private void awaitGone(GatedSocket socket) throws IOException {
		wakeup();
		Waits.waitWhile(this.monitor, () -> this.handingOver == socket || (this.selecting && socket.isSelected()));
		if (socket.isSelected()) {
			this.sockets.selectNow();
		}
	}

	private void awaitHandOver() {
		wakeup();
		Waits.waitWhile(this.monitor, () -> this.handingOver != null);
	}

	private boolean awaitOpen(Duration timeout) {
		synchronized (this.monitor) {
			if (!letsThrough() && !passes()) {
				try {
					this.monitor.wait(timeout.toMillis());
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return letsThrough() || passes();
		}
	}

	private boolean beginSelection() {
		synchronized (this.monitor) {
			this.selecting = letsThrough() && !passes();
			return this.selecting;
		}
	}

	private void endSelection() {
		synchronized (this.monitor) {
			this.selecting = false;
			this.monitor.notifyAll();
		}
	}

	private @Nullable SocketChannel acceptNow() throws IOException {
		synchronized (this.monitor) {
			SocketChannel passed = this.passing;
			if (passed != null && passes()) {
				this.passing = null;
				this.handingOver = passed;
				this.monitor.notifyAll();
				return passed;
			}
			GatedSockets.Accepted accepted = (letsThrough()) ? this.sockets.accept() : null;
			if (accepted == null) {
				return null;
			}
			this.lastAccepted = System.nanoTime();
			accepted.socket().accepted(this.lastAccepted);
			this.handingOver = accepted.socket();
			return accepted.connection();
		}
	}

	private boolean letsThrough() {
		return this.open && !this.suspended;
	}

	private boolean passes() {
		return this.passing != null && !this.suspended;
	}

}
