package io.clusterboot.lead;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.clusterboot.channel.Leading;
import io.clusterboot.channel.Message;
import io.clusterboot.channel.Reply;
import io.clusterboot.channel.Request;
import org.jspecify.annotations.Nullable;

/**
 * One leadership as the worker sees it: from when the primary grants it until the worker
 * says that it has resigned. No clock, no threads: all times are nanoseconds that the
 * caller has read from one clock, which never jumps.
 */
public final class Mandate {

	private static final long PERIOD = TimeUnit.SECONDS.toNanos(1);

	private final long token;

	private final long lease;

	private final Duration patience;

	private final long begun;

	// When to ask for the next lease
	private long asks;

	private boolean leased;

	private long leasedUntil;

	// The primary says that it is over
	private boolean denied;

	private boolean resigns;

	private long resignsBy;

	private boolean over;

	private int running;

	/**
	 * Begin, without a lease yet.
	 * @param grant what the primary says
	 * @param now the time
	 */
	public Mandate(Leading.Grant grant, long now) {
		this.token = grant.token();
		this.lease = grant.lease().toNanos();
		this.patience = grant.patience();
		this.begun = now;
		this.asks = now;
	}

	public long token() {
		return this.token;
	}

	/**
	 * Return whether this worker leads.
	 * @param now the time
	 * @return whether it may begin something
	 */
	public boolean leads(long now) {
		return isHeld(now) && !this.resigns;
	}

	/**
	 * Return whether no other worker can lead.
	 * @param now the time
	 * @return whether there is a lease, even if it is to be given back
	 */
	public boolean isHeld(long now) {
		return this.leased && !this.over && !isLapsed(now);
	}

	/**
	 * Return whether the worker has said that it leads no longer.
	 * @return whether nothing more will come of it
	 */
	public boolean isOver() {
		return this.over;
	}

	/**
	 * Begin something.
	 * @param now the time
	 * @return whether this worker leads
	 */
	public boolean begin(long now) {
		boolean leads = leads(now);
		if (leads) {
			this.running++;
		}
		return leads;
	}

	/**
	 * Something that was begun has ended.
	 */
	public void end() {
		this.running--;
	}

	/**
	 * The primary has answered a question for a lease.
	 * @param answer the answer
	 * @param now the time
	 */
	public void answered(Reply.Lease answer, long now) {
		// One for the leadership before tells nothing
		if (answer.id() - this.begun < 0) {
			return;
		}
		long until = answer.id() + this.lease;
		if (!answer.granted()) {
			this.denied = true;
		}
		// Where the last has run out somebody may have seen that
		else if (!isLapsed(now) && until - now > 0) {
			this.leasedUntil = (this.leased) ? Math.max(this.leasedUntil - until, 0) + until : until;
			this.leased = true;
		}
	}

	/**
	 * Begin nothing more.
	 * @param now the time
	 */
	public void resign(long now) {
		resign(this.patience, now);
	}

	/**
	 * Begin nothing more.
	 * @param patience how long to wait for what runs
	 * @param now the time
	 */
	public void resign(Duration patience, long now) {
		if (!this.resigns) {
			this.resigns = true;
			this.resignsBy = now + patience.toNanos();
		}
	}

	/**
	 * Return whether nothing that was begun is waited for any more.
	 * @param now the time
	 * @return whether the worker has resigned and all has ended, or time is up
	 */
	public boolean isDone(long now) {
		return this.resigns && (this.running == 0 || now - this.resignsBy >= 0);
	}

	/**
	 * Return what is to be said to the primary now.
	 * @param now the time
	 * @return the message or {@code null}
	 */
	public Message.@Nullable FromWorker next(long now) {
		if (this.over) {
			return null;
		}
		if (isLapsed(now)) {
			resign(now);
		}
		if (isDone(now)) {
			this.over = true;
			return new Leading.Resigned(this.token);
		}
		if (!isLapsed(now) && now - this.asks >= 0) {
			this.asks = now + PERIOD;
			return new Request.Lease(now, this.token);
		}
		return null;
	}

	/**
	 * Return how long there is nothing to be said, whatever happens not.
	 * @param now the time
	 * @return a time, 0 if it is over
	 */
	public long pause(long now) {
		if (this.over) {
			return 0;
		}
		long pause = (isLapsed(now)) ? PERIOD : this.asks - now;
		if (this.resigns) {
			pause = Math.min(pause, this.resignsBy - now);
		}
		else if (this.leased) {
			pause = Math.min(pause, this.leasedUntil - now);
		}
		return Math.max(pause, 1);
	}

	private boolean isLapsed(long now) {
		return this.denied || (this.leased && now - this.leasedUntil >= 0);
	}

}
