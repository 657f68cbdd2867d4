package io.clusterboot.primary;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

import io.clusterboot.PrimarySnapshot;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.keep.BlockStore;

/**
 * What workers are answered who have something kept for all of them. May be used by any
 * thread.
 */
final class StoreAnswers {

	private final BlockStore store;

	private final Consumer<String> warning;

	private boolean warned;

	/**
	 * Create the answers.
	 * @param maxSize how many bytes may be kept
	 * @param warning takes what an operator has to know
	 */
	StoreAnswers(long maxSize, Consumer<String> warning) {
		this.store = new BlockStore(maxSize);
		this.warning = warning;
	}

	/**
	 * Answer a request. One after the other, so that there is one copy at a time of what
	 * is not yet in the room for answers.
	 * @param request the request
	 * @param send takes the answer, and does not wait
	 */
	synchronized void asked(Request.OfStore request, Consumer<Message> send) {
		send.accept(to(request));
		PrimarySnapshot.Store snapshot = snapshot();
		if (snapshot.evictions() > 0 && !this.warned) {
			this.warned = true;
			this.warning.accept(("The store is full: what was not used for longest makes room, also the session of a "
					+ "user, who has to log in again. Raise 'cluster.store.max-size', which is %d, and restart the "
					+ "cluster; from now on this is counted only")
				.formatted(snapshot.maxBytes()));
		}
	}

	private Reply to(Request.OfStore request) {
		try {
			return to(request, System.nanoTime());
		}
		catch (IllegalArgumentException ex) {
			return new Reply.Invalid(request.id(), String.valueOf(ex.getMessage()));
		}
	}

	private Reply to(Request.OfStore request, long now) {
		if (request instanceof Request.Get get) {
			BlockStore.Kept kept = this.store.get(get.key(), get.timeToLive(), now);
			return (kept != null) ? new Reply.Kept(request.id(), ByteBuffer.wrap(kept.value()), kept.version())
					: new Reply.Kept(request.id(), null, BlockStore.ABSENT);
		}
		if (request instanceof Request.Put put) {
			return new Reply.Version(request.id(),
					this.store.put(put.key(), put.value(), put.timeToLive(), put.group(), put.version(), now));
		}
		if (request instanceof Request.Remove remove) {
			return new Reply.Removed(request.id(), this.store.remove(remove.key(), now));
		}
		if (request instanceof Request.Keys keys) {
			return new Reply.Keys(request.id(), this.store.keys(keys.group(), now));
		}
		Request.RemoveAll all = (Request.RemoveAll) request;
		this.store.removeAll(all.group());
		return new Reply.Removed(request.id(), true);
	}

	PrimarySnapshot.Store snapshot() {
		return this.store.snapshot();
	}

}
