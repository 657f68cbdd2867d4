package io.clusterboot.worker.messages;

import org.jspecify.annotations.Nullable;

/**
 * What the listeners to a message answer. The first answer counts.
 */
final class Exchange {

	private static final ThreadLocal<Exchange> CURRENT = new ThreadLocal<>();

	private @Nullable Object answer;

	/**
	 * Call listeners.
	 * @param listeners calls them on this thread
	 * @return what one of them has answered, or {@code null} if none has
	 */
	static @Nullable Object during(Runnable listeners) {
		Exchange exchange = new Exchange();
		CURRENT.set(exchange);
		try {
			listeners.run();
			return exchange.answer;
		}
		finally {
			CURRENT.remove();
		}
	}

	/**
	 * Answer the message that this thread hears.
	 * @param answer the answer
	 */
	static void answer(Object answer) {
		Exchange current = CURRENT.get();
		if (current != null && current.answer == null) {
			current.answer = answer;
		}
	}

}
