package io.clusterboot.worker.messages;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.clusterboot.channel.Letter;
import io.clusterboot.channel.Mail;
import io.clusterboot.message.ClusterMessage;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.ResolvableType;
import org.springframework.core.log.LogMessage;

/**
 * Publishes what letters say to the application, and answers those that ask.
 */
final class Reader implements Consumer<Mail.Delivery> {

	private static final Log logger = LogFactory.getLog(Reader.class);

	// Whose names come from others
	private static final int MOST_NAMES = 100;

	private final ConfigurableApplicationContext context;

	private final @Nullable MessageListenerFactory listeners;

	private final Letters letters;

	private final Replies replies;

	private final Set<String> unknown = ConcurrentHashMap.newKeySet();

	private final AtomicLong dropped = new AtomicLong();

	Reader(ConfigurableApplicationContext context, Letters letters, Replies replies) {
		this.context = context;
		this.listeners = context.getBeanProvider(MessageListenerFactory.class).getIfAvailable();
		this.letters = letters;
		this.replies = replies;
	}

	@Override
	public void accept(Mail.Delivery delivery) {
		if (!this.context.isActive() || this.context.isClosed()) {
			this.replies.fail(delivery, "its application has ended");
			return;
		}
		Letter letter = delivery.letter();
		MessageListenerFactory.Kind kind = (this.listeners != null)
				? this.listeners.find(letter.type(), this.context.getClassLoader()) : null;
		if (kind == null) {
			drop(delivery, "nobody there listens to a " + letter.type());
			return;
		}
		try {
			Object payload = this.letters.read(letter, kind.type());
			if (payload == null) {
				throw new IllegalArgumentException("it is null");
			}
			publish(delivery, kind, new ClusterMessage<>(payload, delivery.sender(), letter.topic()));
		}
		catch (RuntimeException ex) {
			drop(delivery, "a %s cannot be read there: %s".formatted(letter.type(), ex.getMessage()));
		}
	}

	private void publish(Mail.Delivery delivery, MessageListenerFactory.Kind kind, ClusterMessage<?> message) {
		ResolvableType type = ResolvableType.forClassWithGenerics(ClusterMessage.class, kind.declared());
		try {
			Exchange exchange = Exchange
				.during(() -> this.context.publishEvent(new PayloadApplicationEvent<>(this.context, message, type)));
			if (!exchange.isHeard()) {
				this.replies.fail(delivery, "no listener there wanted the " + delivery.letter().type());
			}
			else if (exchange.answer() instanceof CompletionStage<?> later) {
				later.whenComplete((value, failure) -> answer(delivery, value, failure));
			}
			else {
				answer(delivery, exchange.answer(), null);
			}
		}
		catch (RuntimeException | Error ex) {
			logger.warn(LogMessage.format("A listener failed at a %s of worker %d", delivery.letter().type(),
					delivery.sender()), ex);
			answer(delivery, null, ex);
		}
	}

	private void answer(Mail.Delivery delivery, @Nullable Object answer, @Nullable Throwable failure) {
		if (failure != null) {
			this.replies.fail(delivery, failure.toString());
		}
		else {
			this.replies.answer(delivery, answer);
		}
	}

	private void drop(Mail.Delivery delivery, String reason) {
		long count = this.dropped.incrementAndGet();
		if (this.unknown.size() < MOST_NAMES && this.unknown.add(delivery.letter().type())) {
			logger.warn(LogMessage.format("Dropped a message of worker %d, and will drop more of its kind silently "
					+ "(%d dropped so far): %s", delivery.sender(), count, reason));
		}
		this.replies.fail(delivery, reason);
	}

}
