package io.clusterboot.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.UnixSocket;
import org.jspecify.annotations.Nullable;

/**
 * One end of the channel between the primary and a worker. Sending never blocks: what the
 * peer has no room for waits in a bounded queue for a thread of its own, and a peer that
 * lets it fill up has lost the channel. A peer that was only stopped for a while has not:
 * what is said again and again is not queued for it.
 */
public final class MessageChannel {

	private static final int LONG_FRAME = 64 * 1024;

	// While such a frame is decoded and heard there are several copies of it, and all
	// workers can have something long to say at once
	private static final Semaphore LONG_FRAMES = new Semaphore(2);

	// Of descriptors that came with messages of which not all has arrived yet
	private static final int MAX_PENDING_DESCRIPTORS = 8;

	private static final long THREAD_STACK_SIZE = 256 * 1024;

	private volatile UnixSocket socket;

	private final MessageHandler handler;

	private final ReplyFrames replies;

	private final SendQueue queue = new SendQueue();

	// Another one would say no more to a peer that was stopped
	private final AtomicBoolean heartbeatWaits = new AtomicBoolean();

	private final Thread reader;

	private final Thread writer;

	private boolean shutdown;

	// Only the reader asks
	private boolean heard;

	/**
	 * Create a channel; {@link #start()} begins to read and write.
	 * @param descriptor this end of the socketpair, owned by the channel
	 * @param name what the names of the channel's threads begin with
	 * @param handler gets what arrives
	 * @param budget how many bytes of answers may wait, shared with other channels
	 */
	public MessageChannel(Descriptor descriptor, String name, MessageHandler handler, ByteBudget budget) {
		this.socket = new UnixSocket(descriptor);
		this.handler = handler;
		this.replies = new ReplyFrames(budget);
		this.reader = new Thread(null, this::read, name + "-in", THREAD_STACK_SIZE);
		this.writer = new Thread(null, this::write, name + "-out", THREAD_STACK_SIZE);
		this.reader.setDaemon(true);
		this.writer.setDaemon(true);
	}

	/**
	 * Exchange a socket that others may read from too for one that nobody else has. They
	 * read end of file.
	 * @param shared this end of the socketpair, which is closed
	 * @return what takes its place as this end of the channel
	 * @throws IOException if descriptors ran out or the peer is gone
	 */
	public static Descriptor move(Descriptor shared) throws IOException {
		try (UnixSocket socket = new UnixSocket(shared)) {
			List<Descriptor> pair = UnixSocket.pair();
			try (Descriptor theirs = pair.get(1)) {
				socket.send(MessageCodec.encode(new Message.Move()), List.of(theirs));
				return pair.get(0);
			}
			catch (IOException ex) {
				pair.get(0).close();
				throw ex;
			}
			finally {
				socket.shutdown();
			}
		}
	}

	/**
	 * Begin to read and write.
	 * @throws OutOfMemoryError if there can be no thread for it; the channel is closed
	 * then, and its handler is not told
	 */
	public void start() {
		try {
			this.writer.start();
			// the last, because it is the one that closes the socket
			this.reader.start();
		}
		catch (OutOfMemoryError ex) {
			this.writer.interrupt();
			this.socket.close();
			throw ex;
		}
	}

	/**
	 * Send a message when its turn comes. Messages after the end are dropped, and so are
	 * heartbeats, requests and answers if the peer has not read for a while. An answer
	 * for which there is no memory becomes a {@link Reply.Refusal}. How much mail waits
	 * is up to the sender.
	 * @param message the message
	 * @param descriptor a descriptor to pass, which stays open here, or {@code null}
	 * @throws IllegalArgumentException if the message is too long
	 */
	public void send(Message message, @Nullable Descriptor descriptor) {
		if (isDropped(message)) {
			return;
		}
		if (message instanceof Mail) {
			offer(SendQueue.Frame.mail(encode(message), () -> {
			}));
		}
		else if (message instanceof Message.Heartbeat) {
			SendQueue.Frame frame = new SendQueue.Frame(encode(message), List.of(), false,
					() -> this.heartbeatWaits.set(false));
			if (this.heartbeatWaits.compareAndSet(false, true)) {
				offer(frame);
			}
		}
		else if (message instanceof Reply reply) {
			offer(this.replies.of(reply));
		}
		else {
			offer(SendQueue.Frame.of(encode(message), (descriptor != null) ? List.of(descriptor) : List.of()));
		}
	}

	/**
	 * Send mail when its turn comes. It takes none of the room for other messages.
	 * @param mail the mail
	 * @param done run when it has been sent, or never will be
	 */
	public void post(MailFrame mail, Runnable done) {
		mail.hold();
		offer(SendQueue.Frame.mail(mail.parts(), () -> {
			mail.release();
			done.run();
		}));
	}

	private void offer(SendQueue.Frame frame) {
		switch (this.queue.offer(frame)) {
			case NOW -> sendWhatFits(frame);
			case NEVER -> {
				if (!frame.mail()) {
					end();
				}
			}
			case LATER -> {
			}
		}
	}

	// To wake a thread for it takes several times as long
	private void sendWhatFits(SendQueue.Frame frame) {
		SendQueue.Frame rest = null;
		try {
			rest = rest(frame);
		}
		catch (IOException | IllegalStateException ex) {
			end();
		}
		finally {
			this.queue.sent(rest);
			if (rest == null) {
				frame.done().run();
			}
		}
	}

	private SendQueue.@Nullable Frame rest(SendQueue.Frame frame) throws IOException {
		List<Descriptor> descriptors = frame.descriptors();
		List<ByteBuffer> parts = frame.parts();
		for (int i = 0; i < parts.size(); i++) {
			ByteBuffer part = parts.get(i).duplicate();
			int sent = this.socket.sendWhatFits(part, descriptors);
			descriptors = (sent > 0) ? List.of() : descriptors;
			if (sent < part.remaining()) {
				List<ByteBuffer> rest = new ArrayList<>(parts.subList(i, parts.size()));
				rest.set(0, part.position(part.position() + sent));
				return new SendQueue.Frame(rest, descriptors, frame.mail(), frame.done());
			}
		}
		return null;
	}

	static List<ByteBuffer> encode(Message message) {
		try {
			return MessageCodec.parts(message);
		}
		catch (IOException ex) {
			throw new IllegalArgumentException(ex.getMessage(), ex);
		}
	}

	/**
	 * End the channel. Both sides see its end; what was not sent yet is lost.
	 */
	public synchronized void end() {
		this.shutdown = true;
		this.socket.shutdown();
	}

	private boolean isDropped(Message message) {
		// nobody waits for the answer for as long as it takes to get here
		return (message instanceof Request || message instanceof Reply || message instanceof Message.Happened)
				&& !(message instanceof Request.Unlock) && this.queue.isBehind();
	}

	private void read() {
		String reason = "end of file";
		try {
			readFrames();
		}
		catch (IOException | RuntimeException | Error ex) {
			// Such as from a handler that could start no thread: it must hear the end
			reason = String.valueOf(ex.getMessage());
		}
		end();
		this.writer.interrupt();
		// the number of a closed descriptor may soon be another's
		this.queue.end();
		this.socket.close();
		this.handler.onEnd(reason);
	}

	private void readFrames() throws IOException {
		Deque<Descriptor> descriptors = new ArrayDeque<>();
		FrameBuffer pending = new FrameBuffer();
		try {
			while (true) {
				List<Descriptor> received = new ArrayList<>();
				byte[] bytes = this.socket.receive(received);
				descriptors.addAll(received);
				if (bytes.length == 0) {
					return;
				}
				pending.append(bytes);
				handleFrames(pending, descriptors);
				closeUnwanted(pending, descriptors);
			}
		}
		finally {
			descriptors.forEach(Descriptor::close);
		}
	}

	private void handleFrames(FrameBuffer pending, Deque<Descriptor> descriptors) throws IOException {
		for (int length = pending.nextLength(); length > 0; length = pending.nextLength()) {
			boolean isLong = length > LONG_FRAME;
			if (isLong) {
				LONG_FRAMES.acquireUninterruptibly();
			}
			try {
				handleFrame(pending.take(length), descriptors);
			}
			finally {
				if (isLong) {
					LONG_FRAMES.release();
				}
			}
		}
	}

	private void handleFrame(ByteBuffer frame, Deque<Descriptor> descriptors) throws IOException {
		Message message = MessageCodec.decode(frame);
		if (message instanceof Message.Move) {
			moveTo((this.heard) ? null : descriptors.poll());
		}
		else {
			boolean carries = message instanceof Message.SocketPass;
			this.handler.onMessage(message, (carries) ? descriptors.poll() : null);
		}
		this.heard = true;
	}

	// Nothing is said to a peer that has said nothing, so nobody writes to what is closed
	private synchronized void moveTo(@Nullable Descriptor descriptor) throws IOException {
		if (descriptor == null) {
			throw new IOException("A channel moves once, before anything else, and to a descriptor");
		}
		this.socket.close();
		this.socket = new UnixSocket(descriptor);
		if (this.shutdown) {
			this.socket.shutdown();
		}
	}

	// A descriptor comes with the first byte of its message
	private static void closeUnwanted(FrameBuffer pending, Deque<Descriptor> descriptors) throws IOException {
		if (pending.isEmpty()) {
			descriptors.forEach(Descriptor::close);
			descriptors.clear();
		}
		else if (descriptors.size() > MAX_PENDING_DESCRIPTORS) {
			throw new IOException("More descriptors came than there are messages for");
		}
	}

	private void send(SendQueue.Frame frame) throws IOException {
		List<Descriptor> descriptors = frame.descriptors();
		for (ByteBuffer part : frame.parts()) {
			this.socket.send(part, descriptors);
			descriptors = List.of();
		}
	}

	private void write() {
		try {
			while (true) {
				SendQueue.Frame next = this.queue.take();
				try {
					send(next);
				}
				finally {
					this.queue.sent(null);
					next.done().run();
				}
			}
		}
		catch (InterruptedException | IOException | IllegalStateException ex) {
			// the reader notices the end as well and reports it
			end();
		}
	}

}
