package io.clusterboot.channel;

import java.nio.ByteBuffer;

/**
 * What a worker tells of the application's metrics. What comes of all is asked for by
 * {@link Request.Numbers}.
 */
public sealed interface Numbers extends Message {

	/**
	 * A part of what has changed. The next report is not begun before this one was
	 * {@link Heard}.
	 *
	 * @param body the changes
	 * @param last whether it is the last part
	 * @param round the latest {@link Wanted} that was known when it was begun
	 * @param dropped how many series the worker has no room for
	 */
	record Report(ByteBuffer body, boolean last, long round, int dropped) implements Numbers, Message.FromWorker {

	}

	/**
	 * Answers the last part of a {@link Report}.
	 */
	record Heard() implements Numbers, Message.FromPrimary {

	}

	/**
	 * Somebody wants to know how things are now: asks for a {@link Report}.
	 *
	 * @param round how often that has happened
	 */
	record Wanted(long round) implements Numbers, Message.FromPrimary {

	}

}
