package io.clusterboot.control;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.function.LongFunction;

import io.clusterboot.channel.Control;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.MessageCodec;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * An operator's end of a control socket. For one thread.
 */
public final class ControlConnection implements AutoCloseable {

	private final Selector selector;

	private final SocketChannel channel;

	private final SelectionKey key;

	private final Duration timeout;

	private final Control.Introduction introduction;

	private ByteBuffer unread = ByteBuffer.allocate(MessageCodec.HEADER_SIZE);

	private long lastId;

	private ControlConnection(SocketChannel channel, Duration timeout) throws IOException {
		this.channel = channel;
		this.timeout = timeout;
		this.selector = Selector.open();
		this.key = channel.register(this.selector, SelectionKey.OP_READ);
		this.introduction = readIntroduction();
	}

	private Control.Introduction readIntroduction() throws IOException {
		try {
			if (require(this.timeout) instanceof Control.Introduction first) {
				return first;
			}
		}
		catch (EOFException ex) {
			throw new IOException("The primary does not listen to this user, or has just ended", ex);
		}
		throw new IOException("What listens there is no cluster");
	}

	/**
	 * Connect to a primary.
	 * @param socket where its socket is
	 * @param owner the user who must be the one that listens there
	 * @param timeout how long to wait for an answer, each time
	 * @return the connection
	 * @throws ControlTimeoutException if the primary does not answer
	 * @throws IOException if it is not there, does not listen to this user, or is of
	 * another version
	 */
	public static ControlConnection open(Path socket, UserPrincipal owner, Duration timeout) throws IOException {
		SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
		try {
			channel.configureBlocking(false);
			channel.connect(UnixDomainSocketAddress.of(socket));
			if (!channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user().equals(owner)) {
				throw new IOException("Who listens at %s is not %s".formatted(socket, owner.getName()));
			}
			ControlConnection connection = new ControlConnection(channel, timeout);
			int protocol = connection.introduction.protocol();
			if (protocol != Message.Hello.PROTOCOL) {
				throw new IOException("The cluster speaks protocol %d and this program %d: use the one of its version"
					.formatted(protocol, Message.Hello.PROTOCOL));
			}
			return connection;
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	public Control.Introduction introduction() {
		return this.introduction;
	}

	/**
	 * Ask the primary.
	 * @param <R> the type of the answer
	 * @param question makes the question from its id
	 * @param type the type of the answer
	 * @return the answer
	 * @throws ControlRefusedException if the primary will not do that
	 * @throws ControlTimeoutException if it does not answer
	 * @throws IOException if it is gone
	 */
	public <R extends Reply> R ask(LongFunction<? extends Request.OfOperator> question, Class<R> type)
			throws IOException {
		long id = ++this.lastId;
		send(question.apply(id));
		long begin = System.nanoTime();
		while (true) {
			Message message = require(this.timeout.minusNanos(System.nanoTime() - begin));
			if (message instanceof Reply reply && reply.id() == id) {
				if (reply instanceof Reply.Refusal refusal) {
					throw new ControlRefusedException(refusal.reason());
				}
				if (reply instanceof Reply.Invalid invalid) {
					throw new ControlRefusedException(invalid.reason());
				}
				return type.cast(reply);
			}
		}
	}

	/**
	 * Ask for lines, which {@link #receive} returns.
	 * @param logs which
	 * @throws IOException if the primary is gone
	 */
	public void ask(Control.Logs logs) throws IOException {
		send(logs);
	}

	private void send(Message message) throws IOException {
		for (ByteBuffer part : MessageCodec.parts(message)) {
			while (part.hasRemaining()) {
				if (this.channel.write(part) == 0) {
					await(SelectionKey.OP_WRITE, this.timeout);
				}
			}
		}
	}

	private Message require(Duration patience) throws IOException {
		Message message = receive(patience);
		if (message == null) {
			throw new ControlTimeoutException(
					"The primary has not answered for %d s: it may be stopped, or have no processor time"
						.formatted(this.timeout.toSeconds()));
		}
		return message;
	}

	/**
	 * Wait for what the primary says.
	 * @param patience how long to wait
	 * @return what it says, or {@code null} if it says nothing
	 * @throws EOFException if the primary is gone
	 * @throws IOException if it says what this version does not know
	 */
	public @Nullable Message receive(Duration patience) throws IOException {
		long begin = System.nanoTime();
		while (true) {
			while (this.unread.hasRemaining()) {
				int count = this.channel.read(this.unread);
				if (count < 0) {
					throw new EOFException("The primary has ended, or it does not know what it was asked: "
							+ "is this program of its version?");
				}
				Duration left = patience.minusNanos(System.nanoTime() - begin);
				if (count == 0 && !await(SelectionKey.OP_READ, left)) {
					return null;
				}
			}
			int length = this.unread.getInt(0);
			if (this.unread.capacity() > MessageCodec.HEADER_SIZE) {
				Message message = MessageCodec
					.decode(ByteBuffer.wrap(this.unread.array()).position(MessageCodec.HEADER_SIZE).slice());
				this.unread = ByteBuffer.allocate(MessageCodec.HEADER_SIZE);
				return message;
			}
			if (length < 1 || length > MessageCodec.MAX_FRAME_SIZE) {
				throw new IOException("What listens there is no cluster of this version");
			}
			this.unread = ByteBuffer.allocate(MessageCodec.HEADER_SIZE + length).putInt(length);
		}
	}

	private boolean await(int operation, Duration patience) throws IOException {
		if (patience.isNegative() || patience.isZero()) {
			return false;
		}
		this.key.interestOps(operation);
		this.selector.selectedKeys().clear();
		return this.selector.select(Math.max(1, patience.toMillis())) > 0;
	}

	@Override
	public void close() {
		try (this.channel; this.selector) {
			// both
		}
		catch (IOException ex) {
			// it is gone anyway
		}
	}

}
