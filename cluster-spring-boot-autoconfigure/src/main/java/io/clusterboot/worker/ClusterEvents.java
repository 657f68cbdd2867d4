package io.clusterboot.worker;

import java.util.ArrayDeque;
import java.util.Deque;

import io.clusterboot.event.ClusterEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.log.LogMessage;

/**
 * Publishes what happens in the cluster to the application, if anybody in it listens: one
 * event after the other, on a thread that may be kept waiting. Who is kept waiting too
 * long misses events.
 */
final class ClusterEvents {

	private static final Log logger = LogFactory.getLog(ClusterEvents.class);

	private static final int MOST = 1000;

	private final Deque<ClusterEvent> events = new ArrayDeque<>();

	private @Nullable ConfigurableApplicationContext context;

	private int missed;

	/**
	 * Begin to publish, if a bean listens to anything that can happen, or to what it is
	 * all a kind of.
	 * @param context where
	 * @return whether somebody listens
	 */
	synchronized boolean begin(ConfigurableApplicationContext context) {
		if (this.context == null && context instanceof AbstractApplicationContext listened
				&& listened.getApplicationListeners()
					.stream()
					.anyMatch((listener) -> hears(listener, ClusterEvent.class))) {
			this.context = context;
			WorkerThreads.start("cluster-events", () -> publish(context));
			return true;
		}
		return false;
	}

	private static boolean hears(ApplicationListener<?> listener, Class<?> type) {
		if (type.isRecord()) {
			return listener instanceof GenericApplicationListener generic && supports(generic, type)
					&& !supports(generic, NobodysEvent.class);
		}
		for (Class<?> kind : type.getPermittedSubclasses()) {
			if (hears(listener, kind)) {
				return true;
			}
		}
		return false;
	}

	private static boolean supports(GenericApplicationListener listener, Class<?> payload) {
		return listener.supportsEventType(ResolvableType.forClassWithGenerics(PayloadApplicationEvent.class, payload));
	}

	synchronized void happened(ClusterEvent event) {
		if (this.events.size() == MOST) {
			this.events.remove();
			this.missed++;
		}
		this.events.add(event);
		notifyAll();
	}

	private void publish(ConfigurableApplicationContext context) {
		try {
			for (ClusterEvent event = next(); context.isActive(); event = next()) {
				try {
					context.publishEvent(event);
				}
				catch (RuntimeException ex) {
					logger.warn(LogMessage.format("A listener failed at %s", event), ex);
				}
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private synchronized ClusterEvent next() throws InterruptedException {
		while (this.events.isEmpty()) {
			wait();
		}
		if (this.missed > 0) {
			logger
				.warn(LogMessage.format("Listeners were too slow: %d events of the cluster were missed", this.missed));
			this.missed = 0;
		}
		return this.events.remove();
	}

	/**
	 * What only those listen to who listen to everything.
	 */
	private record NobodysEvent() {

	}

}
