package io.clusterboot.supervisor.shared;

import java.time.Instant;

import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import io.clusterboot.supervisor.shared.Locks.Holder;

/**
 * What workers are answered who count together or keep each other out.
 */
public final class SharedState {

	private final Counters counters = new Counters();

	private final Locks locks = new Locks();

	/**
	 * Answer a request.
	 * @param worker the id of the worker whose it is
	 * @param request the request
	 * @param now the time
	 * @return the answer
	 */
	public Reply to(int worker, Request.OfShared request, Instant now) {
		if (request instanceof Request.Count count) {
			return count(count);
		}
		if (request instanceof Request.Lock lock) {
			return lock(new Holder(worker, lock.id()), lock, now);
		}
		if (request instanceof Request.Extend extension) {
			return new Reply.Lock(request.id(), this.locks.extend(extension.name(),
					new Holder(worker, extension.lock()), extension.atMost(), extension.atLeast(), now));
		}
		Request.Unlock unlock = (Request.Unlock) request;
		return new Reply.Lock(request.id(), this.locks.unlock(unlock.name(), new Holder(worker, unlock.lock()), now));
	}

	private Reply count(Request.Count request) {
		Long value = this.counters.add(request.name(), request.delta());
		return (value != null) ? new Reply.Count(request.id(), value)
				: new Reply.Refusal(request.id(), "There is no room for one more counter");
	}

	private Reply lock(Holder holder, Request.Lock request, Instant now) {
		return (this.locks.hasRoom(request.name(), request.permits(), now))
				? new Reply.Lock(request.id(), this.locks.lock(request.name(), request.permits(), holder,
						request.atMost(), request.atLeast(), now))
				: new Reply.Refusal(request.id(), "There is no room for one more lock");
	}

	/**
	 * The process of a worker is gone.
	 * @param worker its id
	 */
	public void ended(int worker) {
		this.locks.ended(worker);
	}

}
