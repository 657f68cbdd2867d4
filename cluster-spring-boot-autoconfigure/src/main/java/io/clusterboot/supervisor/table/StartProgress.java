package io.clusterboot.supervisor.table;

import java.time.Duration;
import java.time.Instant;

/**
 * How far the start of a worker has come. One that makes progress is given more time: so
 * slow may a machine be that is busy.
 */
public final class StartProgress {

	/**
	 * How many times its time-out a start can take at most.
	 */
	public static final int FACTOR = 5;

	// Of the time-out: less processor time than that is used by a JVM that does nothing
	private static final int SHARE = 20;

	private static final Duration LEAST_SAID_AFTER = Duration.ofSeconds(10);

	private final Instant begin;

	private final Duration timeout;

	private Instant progressed;

	private Duration processorTime = Duration.ZERO;

	private int beans;

	private Instant sayFrom;

	StartProgress(Instant begin, Duration timeout) {
		this.begin = begin;
		this.timeout = timeout;
		this.progressed = begin;
		this.sayFrom = begin.plus(pause());
	}

	Instant begin() {
		return this.begin;
	}

	/**
	 * Hear how far it is.
	 * @param beans how many beans were made
	 * @param processorTime how much processor time was used
	 * @param now when
	 */
	public void heard(int beans, Duration processorTime, Instant now) {
		if (beans > this.beans
				|| processorTime.minus(this.processorTime).compareTo(this.timeout.dividedBy(SHARE)) >= 0) {
			this.progressed = now;
			this.beans = beans;
			this.processorTime = processorTime;
		}
	}

	/**
	 * Return when it is late, if nothing more is heard.
	 * @return the time
	 */
	public Instant deadline() {
		Instant last = this.begin.plus(this.timeout.multipliedBy(FACTOR));
		Instant next = this.progressed.plus(this.timeout);
		return (next.isBefore(last)) ? next : last;
	}

	/**
	 * Return whether it takes so long that something should be said about it, and not
	 * again for a while.
	 * @param now the time
	 * @return whether it is said now
	 */
	public boolean tell(Instant now) {
		if (now.isBefore(this.sayFrom)) {
			return false;
		}
		this.sayFrom = now.plus(pause());
		return true;
	}

	private Duration pause() {
		Duration half = this.timeout.dividedBy(2);
		return (half.compareTo(LEAST_SAID_AFTER) > 0) ? half : LEAST_SAID_AFTER;
	}

}
