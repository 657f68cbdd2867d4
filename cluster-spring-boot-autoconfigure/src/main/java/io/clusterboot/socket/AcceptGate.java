package io.clusterboot.socket;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Stands between a web server and its listening sockets: while it is open it hands out
 * accepted connections one by one, while it is closed none. The server never sees a
 * listening socket, so nothing it does can lose a connection that waits in one.
 * <p>
 * Whoever decides about the worker's traffic opens and closes the gate. The server itself
 * {@linkplain #suspend() suspends} and {@linkplain #resume() resumes} it when it stops
 * and starts, so a server that is started again serves as it did before.
 * <p>
 * One server thread alternates between {@link #accept} and {@link #handedOver}; all other
 * methods may be called from any thread. A gate starts closed.
 */
public final class AcceptGate {

	private final Selector selector;

	private final List<ServerSocketChannel> channels = new CopyOnWriteArrayList<>();

	private final Object monitor = new Object();

	// Guarded by monitor
	private boolean open;

	// Guarded by monitor
	private boolean suspended;

	// Guarded by monitor: where the search starts, so that no socket starves another
	private int next;

	// Guarded by monitor
	private long lastAccepted;

	// Guarded by monitor: a connection was accepted that the server does not have yet
	private boolean handingOver;

	public AcceptGate() {
		try {
			this.selector = Selector.open();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Accept from one more listening socket.
	 * @param channel a non-blocking channel; it is never closed by the gate
	 * @throws IOException if the channel cannot be selected on
	 */
	public void add(ServerSocketChannel channel) throws IOException {
		channel.register(this.selector, SelectionKey.OP_ACCEPT);
		this.channels.add(channel);
		this.selector.wakeup();
	}

	/**
	 * Return the first listening socket, for questions about its address.
	 * @return the channel or {@code null} if none has been added
	 */
	public @Nullable ServerSocketChannel channel() {
		return this.channels.isEmpty() ? null : this.channels.get(0);
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
	 * accepted is in the server's hands and no other will be.
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
		this.selector.wakeup();
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
		if (accepted == null) {
			this.selector.select((key) -> {
			}, timeout.toMillis());
			accepted = acceptNow();
		}
		return accepted;
	}

	/**
	 * Say that the server has taken charge of what {@link #accept} returned.
	 */
	public void handedOver() {
		synchronized (this.monitor) {
			this.handingOver = false;
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
		long started = System.nanoTime();
		synchronized (this.monitor) {
			this.lastAccepted = started;
			long pause = quiet.toNanos();
			while (pause > 0 && System.nanoTime() - started < timeout.toNanos()) {
				try {
					TimeUnit.NANOSECONDS.timedWait(this.monitor, pause);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
					return;
				}
				pause = this.lastAccepted + quiet.toNanos() - System.nanoTime();
			}
		}
	}

	private void awaitHandOver() {
		wakeup();
		boolean interrupted = false;
		while (this.handingOver) {
			try {
				this.monitor.wait();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	private boolean awaitOpen(Duration timeout) {
		synchronized (this.monitor) {
			if (!letsThrough()) {
				try {
					this.monitor.wait(timeout.toMillis());
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
			return letsThrough();
		}
	}

	private @Nullable SocketChannel acceptNow() throws IOException {
		synchronized (this.monitor) {
			int count = this.channels.size();
			for (int i = 0; letsThrough() && i < count; i++) {
				SocketChannel accepted = this.channels.get(this.next++ % count).accept();
				if (accepted != null) {
					this.next %= count;
					this.handingOver = true;
					this.lastAccepted = System.nanoTime();
					return accepted;
				}
			}
			return null;
		}
	}

	private boolean letsThrough() {
		return this.open && !this.suspended;
	}

}
