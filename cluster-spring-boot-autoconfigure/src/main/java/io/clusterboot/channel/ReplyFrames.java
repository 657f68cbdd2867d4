package io.clusterboot.channel;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Frames of answers to one peer, for as long as there is memory for them.
 */
final class ReplyFrames {

	private static final String BUSY = "The primary is busy: too many answers wait to be read. Ask again";

	// What is no longer is sent in any case, as there can only be so many of them
	private static final int SHORT = 512;

	// Of what the primary keeps, so that who does not read it leaves room for the others
	private static final int KEPT = MessageCodec.MAX_FRAME_SIZE + 64 * 1024;

	private final ByteBudget budget;

	private final ByteBudget kept = new ByteBudget(KEPT);

	/**
	 * Create frames.
	 * @param budget the memory for the answers to all peers
	 */
	ReplyFrames(ByteBudget budget) {
		this.budget = budget;
	}

	/**
	 * Make a frame.
	 * @param reply the answer
	 * @return the answer or, if there is no memory for it, a refusal
	 * @throws IllegalArgumentException if the answer is too long
	 */
	SendQueue.Frame of(Reply reply) {
		List<ByteBuffer> parts = MessageChannel.encode(reply);
		int size = parts.stream().mapToInt(ByteBuffer::remaining).sum();
		if (size <= SHORT) {
			return SendQueue.Frame.of(parts, List.of());
		}
		boolean ofStore = reply instanceof Reply.OfStore;
		if (take(size, ofStore)) {
			return new SendQueue.Frame(parts, List.of(), false, () -> giveBack(size, ofStore));
		}
		return SendQueue.Frame.of(MessageChannel.encode(new Reply.Refusal(reply.id(), BUSY)), List.of());
	}

	private boolean take(int size, boolean ofStore) {
		if (ofStore && !this.kept.take(size)) {
			return false;
		}
		if (this.budget.take(size)) {
			return true;
		}
		if (ofStore) {
			this.kept.giveBack(size);
		}
		return false;
	}

	private void giveBack(int size, boolean ofStore) {
		this.budget.giveBack(size);
		if (ofStore) {
			this.kept.giveBack(size);
		}
	}

}
