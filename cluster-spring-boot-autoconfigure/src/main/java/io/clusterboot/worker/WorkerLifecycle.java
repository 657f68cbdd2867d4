package io.clusterboot.worker;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.LivenessState;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationContextAware;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;

/**
 * Reports the steps of the application's life and, should its context close for a reason
 * of its own, drains before anything else is stopped.
 */
public final class WorkerLifecycle
		implements ApplicationListener<ApplicationEvent>, ApplicationContextAware, SmartLifecycle {

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
	public void onApplicationEvent(ApplicationEvent event) {
		if (event instanceof WebServerInitializedEvent initialized
				&& initialized.getApplicationContext() == this.context) {
			this.runtime.listening(initialized.getWebServer().getPort());
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
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.runtime.contextClosing();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return DEFAULT_PHASE;
	}

}
