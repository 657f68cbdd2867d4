package io.clusterboot.worker;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.SmartApplicationListener;
import org.springframework.core.Ordered;

/**
 * Reports the steps of the application's life. When its context closes it drains before
 * anybody else hears of that, if this is not the drain's doing; and where Spring Boot's
 * own graceful shutdown would wait for requests, it waits for those that are left.
 */
public final class WorkerLifecycle implements SmartApplicationListener, ApplicationContextAware, SmartLifecycle {

	private static final List<Class<?>> EVENTS = List.of(WebServerInitializedEvent.class, ContextClosedEvent.class,
			AvailabilityChangeEvent.class);

	private final WorkerRuntime runtime;

	private @Nullable ApplicationContext context;

	private volatile boolean running;

	public WorkerLifecycle(WorkerRuntime runtime) {
		this.runtime = runtime;
	}

	@Override
	public void setApplicationContext(ApplicationContext context) {
		this.context = context;
	}

	@Override
	public boolean supportsEventType(Class<? extends ApplicationEvent> eventType) {
		return EVENTS.stream().anyMatch((event) -> event.isAssignableFrom(eventType));
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof WebServerInitializedEvent initialized
				&& initialized.getApplicationContext() == this.context) {
			this.runtime.listening(initialized.getWebServer().getPort());
		}
		else if (event instanceof ContextClosedEvent closed && closed.getApplicationContext() == this.context) {
			this.runtime.contextClosing();
		}
		else if (event instanceof AvailabilityChangeEvent<?> change && event.getSource() == this.context) {
			if (change.getState() instanceof ReadinessState readiness) {
				this.runtime.readiness(readiness == ReadinessState.ACCEPTING_TRAFFIC);
			}
			else if (change.getState() instanceof LivenessState liveness) {
				this.runtime.liveness(liveness == LivenessState.CORRECT);
			}
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	@Override
	public void start() {
		if (this.context instanceof ConfigurableApplicationContext begun) {
			this.runtime.begins(begun);
		}
		this.running = true;
	}

	@Override
	public void stop() {
		this.runtime.awaitDrained();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
	}

}
