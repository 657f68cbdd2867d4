package io.clusterboot.channel;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.clusterboot.posix.Descriptor;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to send over a channel, and what waits for that. Mail is bounded by
 * its budgets, everything else by how much of it there may be.
 */
final class SendQueue {

	private static final int CAPACITY = 256;

	// No peer that reads is so far behind
	private static final long MOST_BYTES = 16 * 1024 * 1024;

	private final Deque<Frame> frames = new ArrayDeque<>();

	private int waiting;

	private long bytes;

	// From the first wait for a turn
	private boolean begun;

	private boolean sending;

	private boolean ended;

	/**
	 * Give a frame its turn, or have it wait.
	 * @param frame the frame, which is done with if there is no room for it
	 * @return what becomes of it
	 */
	Turn offer(Frame frame) {
		Turn turn = turn(frame);
		if (turn == Turn.NEVER) {
			frame.done().run();
		}
		return turn;
	}

	private synchronized Turn turn(Frame frame) {
		if (this.ended || !frame.mail() && this.waiting == CAPACITY) {
			return Turn.NEVER;
		}
		if (this.begun && !this.sending && this.frames.isEmpty()) {
			this.sending = true;
			return Turn.NOW;
		}
		this.frames.add(frame);
		count(frame, 1);
		if (!this.sending) {
			notifyAll();
		}
		return Turn.LATER;
	}

	/**
	 * Wait for the turn of a frame.
	 * @return the frame, to be sent now
	 * @throws InterruptedException if interrupted
	 */
	synchronized Frame take() throws InterruptedException {
		this.begun = true;
		while (this.sending || this.frames.isEmpty()) {
			wait();
		}
		this.sending = true;
		Frame frame = this.frames.remove();
		count(frame, -1);
		return frame;
	}

	private void count(Frame frame, int sign) {
		if (!frame.mail()) {
			this.waiting += sign;
			this.bytes += sign * frame.size();
		}
	}

	/**
	 * End a turn.
	 * @param rest what could not be sent in it and is the next, or {@code null}
	 */
	synchronized void sent(@Nullable Frame rest) {
		this.sending = false;
		if (rest != null) {
			this.frames.addFirst(rest);
			count(rest, 1);
		}
		if (this.ended || !this.frames.isEmpty()) {
			notifyAll();
		}
	}

	/**
	 * Return whether the peer has not read for a while.
	 * @return whether half of the room is taken, or much memory
	 */
	synchronized boolean isBehind() {
		return this.waiting >= CAPACITY / 2 || this.bytes >= MOST_BYTES;
	}

	/**
	 * Take nothing any more, and be done with what is there. Returns when nobody sends.
	 */
	void end() {
		List<Frame> unsent;
		synchronized (this) {
			this.ended = true;
			awaitTurn();
			unsent = new ArrayList<>(this.frames);
			this.frames.clear();
		}
		unsent.forEach((frame) -> frame.done().run());
	}

	private void awaitTurn() {
		boolean interrupted = false;
		while (this.sending) {
			try {
				wait();
			}
			catch (InterruptedException ex) {
				interrupted = true;
			}
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What becomes of a frame.
	 */
	enum Turn {

		/**
		 * Whoever offered it sends it, and says so.
		 */
		NOW,

		/**
		 * It waits.
		 */
		LATER,

		/**
		 * There is no room for it, or the channel has ended.
		 */
		NEVER

	}

	/**
	 * What is sent at once.
	 *
	 * @param parts the frame
	 * @param descriptors what goes with its first byte
	 * @param mail whether it is mail
	 * @param done run when the frame takes no memory any more
	 */
	record Frame(List<ByteBuffer> parts, List<Descriptor> descriptors, boolean mail, Runnable done) {

		// The same before and after it has waited
		long size() {
			return this.parts.stream().mapToInt(ByteBuffer::remaining).sum();
		}

		static Frame mail(List<ByteBuffer> parts, Runnable done) {
			return new Frame(parts, List.of(), true, done);
		}

		static Frame of(List<ByteBuffer> parts, List<Descriptor> descriptors) {
			return new Frame(parts, descriptors, false, () -> {
			});
		}

	}

}
