package io.clusterboot.it.load;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * Sends one request after the other, on one connection each or on one for as many as the
 * server likes.
 */
final class Session {

	// Lest failures keep a processor busy
	private static final long REST = 10_000_000;

	private final LoadClient client;

	private final Answer answer = new Answer();

	private State state = State.IDLE;

	private @Nullable SocketChannel channel;

	// When the request began, or when the next one may
	private long time;

	Session(LoadClient client) {
		this.client = client;
		this.time = System.nanoTime();
	}

	boolean isOver() {
		return this.state == State.OVER;
	}

	private void next() {
		if (!this.client.take()) {
			this.state = State.OVER;
			close();
			return;
		}
		this.time = System.nanoTime();
		this.answer.reset();
		try {
			if (this.channel == null) {
				connect();
			}
			else {
				send(this.channel);
			}
		}
		catch (IOException ex) {
			fail(ex);
		}
	}

	private void connect() throws IOException {
		this.state = State.CONNECTING;
		SocketChannel channel = open();
		this.channel = channel;
		channel.configureBlocking(false);
		boolean connected = channel.connect(this.client.address());
		channel.register(this.client.selector(), (connected) ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, this);
		if (connected) {
			send(channel);
		}
	}

	private static SocketChannel open() throws FailedRequest {
		try {
			return SocketChannel.open(StandardProtocolFamily.INET);
		}
		catch (IOException ex) {
			throw new FailedRequest(Failure.CLIENT, ex.toString());
		}
	}

	private void send(SocketChannel channel) throws IOException {
		this.state = State.WAITING;
		ByteBuffer request = this.client.request();
		channel.write(request);
		if (request.hasRemaining()) {
			throw new FailedRequest(Failure.CLIENT, "no room for a request");
		}
	}

	/**
	 * Something has happened to the connection.
	 * @param key what
	 */
	void ready(SelectionKey key) {
		SocketChannel channel = (SocketChannel) key.channel();
		try {
			if (this.state == State.CONNECTING) {
				channel.finishConnect();
				key.interestOps(SelectionKey.OP_READ);
				send(channel);
			}
			else {
				read(channel);
			}
		}
		catch (IOException ex) {
			fail(ex);
		}
	}

	private void read(SocketChannel channel) throws IOException {
		ByteBuffer buffer = this.client.buffer();
		int count = channel.read(buffer.clear());
		while (count > 0) {
			this.answer.read(buffer.flip());
			if (this.answer.isComplete() && this.client.keepAlive() && !this.answer.isLast()) {
				succeed();
				return;
			}
			count = channel.read(buffer.clear());
		}
		if (count < 0) {
			end();
		}
	}

	private void end() throws FailedRequest {
		if (this.state == State.WAITING && !this.answer.isComplete()) {
			throw new FailedRequest(Failure.CLOSED,
					(this.answer.isBegun()) ? "end of file in the middle of the answer" : "end of file, no answer");
		}
		close();
		if (this.state == State.WAITING) {
			succeed();
		}
	}

	private void succeed() {
		long nanos = System.nanoTime() - this.time;
		if (this.answer.status() / 100 == 2) {
			this.client.report().answered(nanos);
		}
		else {
			this.client.report().failed(Failure.STATUS, "status " + this.answer.status(), nanos);
		}
		if (this.client.pause() > 0) {
			rest(this.client.pause());
		}
		else {
			next();
		}
	}

	private void rest(long nanos) {
		this.state = State.IDLE;
		this.time = System.nanoTime() + nanos;
	}

	private void fail(IOException ex) {
		String text = (ex instanceof FailedRequest) ? ex.getMessage() : ex.toString();
		this.client.report().failed(Failure.of(ex), text, System.nanoTime() - this.time);
		reset();
		rest(REST);
	}

	/**
	 * See whether anything is due.
	 * @param now the time before the connections were last looked at, so that what the
	 * client itself was late to see is not held against the server
	 */
	void tick(long now) {
		if (this.state == State.IDLE) {
			if (this.client.isStopped() || now >= this.time) {
				next();
			}
		}
		else if (!isOver() && now - this.time > this.client.deadline()) {
			fail((this.state == State.CONNECTING) ? new FailedRequest(Failure.CONNECT_TIMEOUT, "not connected")
					: new FailedRequest(Failure.HUNG, describeHang()));
		}
	}

	private String describeHang() {
		if (this.answer.isComplete()) {
			return "answered, but not closed";
		}
		return (this.answer.isBegun()) ? "in the middle of the answer" : "no answer";
	}

	// Without TIME_WAIT
	private void reset() {
		try {
			if (this.channel != null && this.channel.isOpen()) {
				this.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
			}
		}
		catch (IOException ex) {
			// Closed all the same
		}
		close();
	}

	private void close() {
		try {
			if (this.channel != null) {
				this.channel.close();
			}
		}
		catch (IOException ex) {
			// As gone as it can be
		}
		this.channel = null;
	}

	/**
	 * What it waits for.
	 */
	private enum State {

		/**
		 * For the time of the next request.
		 */
		IDLE,

		/**
		 * For a connection.
		 */
		CONNECTING,

		/**
		 * For the answer, and for the end of the connection if this was its last.
		 */
		WAITING,

		/**
		 * For nothing any more.
		 */
		OVER

	}

}
