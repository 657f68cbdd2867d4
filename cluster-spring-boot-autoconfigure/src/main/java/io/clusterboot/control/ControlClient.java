package io.clusterboot.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import io.clusterboot.channel.ByteBudget;
import io.clusterboot.channel.Control;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.MessageCodec;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.channel.Requester;
import io.clusterboot.output.LogHistory;
import org.jspecify.annotations.Nullable;

/**
 * An operator at the control socket. Nothing more is read from it before what it has
 * asked is answered and the answer sent, and it gets no lines faster than it reads them.
 */
final class ControlClient {

	private static final int LONGEST_QUESTION = 16 * 1024;

	private static final int LONGEST_NAME = 200;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	// What it does not read takes the memory for the answers of others
	private static final Duration PATIENCE_WITH_ANSWER = Duration.ofSeconds(5);

	private static final String BUSY = "The primary is busy: too many answers wait to be read. Ask again";

	private final long id;

	private final SelectionKey key;

	private final SocketChannel channel;

	private final String user;

	private final ByteBudget budget;

	private final LogHistory history;

	private final Consumer<Request.OfOperator> questions;

	private final Deque<ByteBuffer> unsent = new ArrayDeque<>();

	private ByteBuffer unread = ByteBuffer.allocate(MessageCodec.HEADER_SIZE);

	private int taken;

	private boolean asked;

	private Control.@Nullable Logs logs;

	private long place;

	private long lastHeard = System.nanoTime();

	ControlClient(long id, SelectionKey key, String user, ByteBudget budget, LogHistory history,
			Consumer<Request.OfOperator> questions) {
		this.id = id;
		this.key = key;
		this.channel = (SocketChannel) key.channel();
		this.user = user;
		this.budget = budget;
		this.history = history;
		this.questions = questions;
	}

	long id() {
		return this.id;
	}

	long lastHeard() {
		return this.lastHeard;
	}

	boolean isClosed() {
		return !this.channel.isOpen();
	}

	void introduce(Control.Introduction introduction) throws IOException {
		this.unsent.addAll(MessageCodec.parts(introduction));
		advance();
	}

	/**
	 * Read and write what can be.
	 */
	void advance() {
		try {
			boolean more = true;
			while (more && this.channel.isOpen()) {
				write();
				more = this.unsent.isEmpty() && (continueLogs() || read());
			}
			if (this.channel.isOpen()) {
				this.key.interestOps(interest());
			}
		}
		catch (IOException | RuntimeException ex) {
			// What it says is nothing that anybody knows, or it is gone
			close();
		}
	}

	private int interest() {
		if (!this.unsent.isEmpty()) {
			return SelectionKey.OP_WRITE;
		}
		return (this.asked) ? 0 : SelectionKey.OP_READ;
	}

	boolean follows() {
		return this.logs != null;
	}

	/**
	 * Go on with the log, if it is read, and end what has been silent for too long.
	 */
	void look() {
		if (this.logs != null && this.unsent.isEmpty()) {
			advance();
		}
		else if (this.logs == null && isSilentFor((this.taken > 0) ? PATIENCE_WITH_ANSWER : PATIENCE)) {
			close();
		}
	}

	private boolean isSilentFor(Duration time) {
		return System.nanoTime() - this.lastHeard > time.toNanos();
	}

	void answer(Reply reply) {
		try {
			List<ByteBuffer> frame = MessageCodec.parts(reply);
			int size = frame.stream().mapToInt(ByteBuffer::remaining).sum();
			if (this.budget.take(size)) {
				this.taken += size;
				this.unsent.addAll(frame);
			}
			else {
				this.unsent.addAll(MessageCodec.parts(new Reply.Refusal(reply.id(), BUSY)));
			}
			this.asked = false;
			advance();
		}
		catch (IOException ex) {
			close();
		}
	}

	void close() {
		this.budget.giveBack(this.taken);
		this.taken = 0;
		this.unsent.clear();
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			// it is gone anyway
		}
	}

	private void write() throws IOException {
		while (!this.unsent.isEmpty()) {
			ByteBuffer next = this.unsent.element();
			if (this.channel.write(next) > 0) {
				this.lastHeard = System.nanoTime();
			}
			if (next.hasRemaining()) {
				return;
			}
			this.unsent.remove();
		}
		this.budget.giveBack(this.taken);
		this.taken = 0;
	}

	private boolean continueLogs() throws IOException {
		Control.Logs wanted = this.logs;
		if (wanted == null) {
			return false;
		}
		LogHistory.Part part = this.history.read(wanted.slot(), this.place);
		this.place = part.next();
		if (part.lines().complete() && !wanted.follow()) {
			this.logs = null;
		}
		if (part.lines().lines().isEmpty() && part.lines().lost() == 0 && wanted.follow()) {
			return false;
		}
		this.unsent.addAll(MessageCodec.parts(part.lines()));
		return true;
	}

	// Returns whether there is something to send now
	private boolean read() throws IOException {
		if (this.asked) {
			return false;
		}
		int count = this.channel.read(this.unread);
		if (count < 0) {
			close();
			return false;
		}
		if (count == 0) {
			return false;
		}
		this.lastHeard = System.nanoTime();
		if (this.unread.hasRemaining()) {
			return true;
		}
		if (this.unread.capacity() == MessageCodec.HEADER_SIZE) {
			int length = this.unread.getInt(0);
			if (length < 1 || length > LONGEST_QUESTION) {
				throw new IOException("A question of %d bytes is not allowed".formatted(length));
			}
			this.unread = ByteBuffer.allocate(MessageCodec.HEADER_SIZE + length).putInt(length);
			return true;
		}
		Message message = MessageCodec
			.decode(ByteBuffer.wrap(this.unread.array()).position(MessageCodec.HEADER_SIZE).slice());
		this.unread = ByteBuffer.allocate(MessageCodec.HEADER_SIZE);
		hear(message);
		return true;
	}

	private void hear(Message message) throws IOException {
		if (message instanceof Request.OfOperator question) {
			this.asked = true;
			this.questions.accept(signed(question));
		}
		else if (message instanceof Control.Logs wanted) {
			this.logs = wanted;
			this.place = this.history.placeOfLast(wanted.slot(), wanted.last());
		}
		else {
			throw new IOException("Nobody may say that here");
		}
	}

	// The kernel knows who it is; everything else it says itself
	private Request.OfOperator signed(Request.OfOperator question) {
		if (question instanceof Request.Reload reload) {
			return new Request.Reload(reload.id(), sign(reload.requester()), reload.strategy());
		}
		if (question instanceof Request.Abort abort) {
			return new Request.Abort(abort.id(), sign(abort.requester()), abort.reload());
		}
		if (question instanceof Request.Scale scale) {
			return new Request.Scale(scale.id(), sign(scale.requester()), scale.workers());
		}
		if (question instanceof Request.Shutdown shutdown) {
			return new Request.Shutdown(shutdown.id(), sign(shutdown.requester()));
		}
		if (question instanceof Request.Disconnect disconnect) {
			return new Request.Disconnect(disconnect.id(), sign(disconnect.requester()), disconnect.worker());
		}
		if (question instanceof Request.Kill kill) {
			return new Request.Kill(kill.id(), sign(kill.requester()), kill.worker());
		}
		return question;
	}

	private Requester sign(Requester given) {
		String who = given.who();
		String user = "user " + this.user;
		return new Requester("cli", (who != null)
				? "%s, %s".formatted(user, who.substring(0, Math.min(who.length(), LONGEST_NAME))) : user);
	}

}
