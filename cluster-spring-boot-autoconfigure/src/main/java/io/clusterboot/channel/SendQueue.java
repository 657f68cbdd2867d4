package io.clusterboot.channel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.clusterboot.posix.Descriptor;

/**
 * What waits to be sent over a channel. Mail is bounded by its budgets, everything else
 * by how much of it there may be.
 */
final class SendQueue {

	private static final int CAPACITY = 256;

	private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

	private final AtomicInteger waiting = new AtomicInteger();

	private boolean ended;

	/**
	 * Add a frame.
	 * @param frame the frame, which is done with if there is no room for it
	 * @return whether there was room
	 */
	boolean offer(Frame frame) {
		boolean queued;
		synchronized (this) {
			queued = !this.ended && (frame.mail() || this.waiting.get() < CAPACITY);
			if (queued) {
				this.waiting.addAndGet((frame.mail()) ? 0 : 1);
				this.frames.add(frame);
			}
		}
		if (!queued) {
			frame.done().run();
		}
		return queued;
	}

	Frame take() throws InterruptedException {
		Frame frame = this.frames.take();
		this.waiting.addAndGet((frame.mail()) ? 0 : -1);
		return frame;
	}

	/**
	 * Return whether the peer has read everything but mail.
	 * @return whether nothing else waits
	 */
	boolean isEmpty() {
		return this.waiting.get() == 0;
	}

	/**
	 * Return whether the peer has not read for a while.
	 * @return whether half of the room is taken
	 */
	boolean isBehind() {
		return this.waiting.get() >= CAPACITY / 2;
	}

	/**
	 * Take nothing any more, and be done with what is there.
	 */
	void end() {
		List<Frame> unsent = new ArrayList<>();
		synchronized (this) {
			this.ended = true;
			this.frames.drainTo(unsent);
		}
		unsent.forEach((frame) -> frame.done().run());
	}

	/**
	 * What is sent at once.
	 *
	 * @param parts the frame
	 * @param descriptors what goes with it
	 * @param mail whether it is mail
	 * @param done run when the frame takes no memory any more
	 */
	record Frame(List<ByteBuffer> parts, List<Descriptor> descriptors, boolean mail, Runnable done) {

		static Frame mail(List<ByteBuffer> parts, Runnable done) {
			return new Frame(parts, List.of(), true, done);
		}

		static Frame of(List<ByteBuffer> parts, List<Descriptor> descriptors) {
			return new Frame(parts, descriptors, false, () -> {
			});
		}

	}

}
