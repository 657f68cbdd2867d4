package io.clusterboot.worker.messages;

import org.jspecify.annotations.Nullable;

/**
 * What the listeners to a message do. The first answer counts.
 */
final class Exchange {

	private static final ThreadLocal<Exchange> CURRENT = new ThreadLocal<>();

	private boolean heard;

	private @Nullable Object answer;

	/**
	 * Call listeners.
	 * @param listeners calls them on this thread
	 * @return what they did
	 */
	static Exchange during(Runnable listeners) {
		Exchange exchange = new Exchange();
		CURRENT.set(exchange);
		try {
			listeners.run();
			return exchange;
		}
		finally {
			CURRENT.remove();
		}
	}

	/**
	 * Say that a listener hears the message that this thread brings.
	 */
	static void heard() {
		Exchange current = CURRENT.get();
		if (current != null) {
			current.heard = true;
		}
	}

	/**
	 * Answer the message that this thread brings.
	 * @param answer the answer
	 */
	static void answer(Object answer) {
		Exchange current = CURRENT.get();
		if (current != null && current.answer == null) {
			current.answer = answer;
		}
	}

	boolean isHeard() {
		return this.heard;
	}

	@Nullable Object answer() {
		return this.answer;
	}

}
