package io.clusterboot.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;

import io.clusterboot.posix.Descriptor;
import io.clusterboot.posix.UnixSocket;
import org.jspecify.annotations.Nullable;

/**
 * One end of the channel between the primary and a worker. Sending never blocks: messages
 * wait in a bounded queue for a thread of their own, and a peer that lets it fill up has
 * lost the channel. A peer that was only stopped for a while has not: what is said again
 * and again is not queued for it.
 */
public final class MessageChannel {

	private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

	private static final int LONG_FRAME = 64 * 1024;

	// While such a frame is decoded and heard there are several copies of it, and all
	// workers can have something long to say at once
	private static final Semaphore LONG_FRAMES = new Semaphore(2);

	// Of descriptors that came with messages of which not all has arrived yet
	private static final int MAX_PENDING_DESCRIPTORS = 8;

	private static final String BUSY = "The primary is busy: too many answers wait to be read. Ask again";

	private static final long THREAD_STACK_SIZE = 256 * 1024;

	private volatile UnixSocket socket;

	private final MessageHandler handler;

	private final ByteBudget budget;

	private final SendQueue queue = new SendQueue();

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
		this.budget = budget;
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
			this.queue.offer(SendQueue.Frame.mail(encode(message), () -> {
			}));
			return;
		}
		if (!(message instanceof Reply reply)) {
			offer(SendQueue.Frame.of(encode(message), (descriptor != null) ? List.of(descriptor) : List.of()));
			return;
		}
		List<ByteBuffer> frame = encode(reply);
		int size = frame.stream().mapToInt(ByteBuffer::remaining).sum();
		if (this.budget.take(size)) {
			offer(new SendQueue.Frame(frame, List.of(), false, () -> this.budget.giveBack(size)));
		}
		else {
			offer(SendQueue.Frame.of(encode(new Reply.Refusal(reply.id(), BUSY)), List.of()));
		}
	}

	/**
	 * Send mail when its turn comes. It takes none of the room for other messages.
	 * @param mail the mail
	 * @param done run when it has been sent, or never will be
	 */
	public void post(MailFrame mail, Runnable done) {
		mail.hold();
		this.queue.offer(SendQueue.Frame.mail(mail.parts(), () -> {
			mail.release();
			done.run();
		}));
	}

	private void offer(SendQueue.Frame frame) {
		if (!this.queue.offer(frame)) {
			end();
		}
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
		if (message instanceof Message.Heartbeat) {
			return !this.queue.isEmpty();
		}
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
		try {
			// the number of a closed descriptor may soon be another's
			this.writer.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		this.socket.close();
		this.queue.end();
		this.handler.onEnd(reason);
	}

	private void readFrames() throws IOException {
		Deque<Descriptor> descriptors = new ArrayDeque<>();
		try {
			ByteBuffer pending = NOTHING;
			while (true) {
				List<Descriptor> received = new ArrayList<>();
				byte[] bytes = this.socket.receive(received);
				descriptors.addAll(received);
				if (bytes.length == 0) {
					return;
				}
				pending = append(pending, bytes);
				handleFrames(pending, descriptors);
				closeUnwanted(pending, descriptors);
				pending = (pending.hasRemaining()) ? pending : NOTHING;
			}
		}
		finally {
			descriptors.forEach(Descriptor::close);
		}
	}

	// A long frame grows in one buffer of its size
	private static ByteBuffer append(ByteBuffer pending, byte[] bytes) {
		int start = pending.position();
		int end = pending.limit();
		if (pending.capacity() - end >= bytes.length) {
			return pending.limit(end + bytes.length).put(end, bytes).position(start);
		}
		int frame = (pending.remaining() >= MessageCodec.HEADER_SIZE) ? MessageCodec.HEADER_SIZE + pending.getInt(start)
				: 0;
		ByteBuffer larger = ByteBuffer.allocate(Math.max(frame, pending.remaining() + bytes.length));
		return larger.put(pending).put(bytes).flip();
	}

	private void handleFrames(ByteBuffer pending, Deque<Descriptor> descriptors) throws IOException {
		for (int length = nextLength(pending); length > 0; length = nextLength(pending)) {
			boolean isLong = length > LONG_FRAME;
			if (isLong) {
				LONG_FRAMES.acquireUninterruptibly();
			}
			try {
				handleFrame(pending, length, descriptors);
			}
			finally {
				if (isLong) {
					LONG_FRAMES.release();
				}
			}
		}
	}

	private void handleFrame(ByteBuffer pending, int length, Deque<Descriptor> descriptors) throws IOException {
		Message message = MessageCodec.decode(take(pending, length));
		if (message instanceof Message.Move) {
			moveTo((this.heard) ? null : descriptors.poll());
		}
		else {
			boolean carries = message instanceof Message.SocketPass;
			this.handler.onMessage(message, (carries) ? descriptors.poll() : null);
		}
		this.heard = true;
	}

	// What a message keeps of its frame must not be written over
	private static ByteBuffer take(ByteBuffer pending, int length) {
		int start = pending.position() + MessageCodec.HEADER_SIZE;
		pending.position(start + length);
		if (start == MessageCodec.HEADER_SIZE && pending.position() == pending.capacity()) {
			return pending.slice(start, length);
		}
		return ByteBuffer.wrap(Arrays.copyOfRange(pending.array(), start, start + length));
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
	private static void closeUnwanted(ByteBuffer pending, Deque<Descriptor> descriptors) throws IOException {
		if (!pending.hasRemaining()) {
			descriptors.forEach(Descriptor::close);
			descriptors.clear();
		}
		else if (descriptors.size() > MAX_PENDING_DESCRIPTORS) {
			throw new IOException("More descriptors came than there are messages for");
		}
	}

	private static int nextLength(ByteBuffer pending) throws IOException {
		if (pending.remaining() < MessageCodec.HEADER_SIZE) {
			return 0;
		}
		int length = pending.getInt(pending.position());
		if (length < 1 || length > MessageCodec.MAX_FRAME_SIZE) {
			throw new IOException("A frame of %d bytes is not allowed".formatted(length));
		}
		return (pending.remaining() >= MessageCodec.HEADER_SIZE + length) ? length : 0;
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
