package io.clusterboot.bootstrap;

import java.util.Map;

import io.clusterboot.ClusterRole;
import io.clusterboot.WorkerIdentity;
import io.clusterboot.worker.WorkerRuntime;
import io.clusterboot.worker.WorkerSettings;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes the application a worker where a primary started the process: before logging is
 * set up, because each worker has a log file of its own.
 */
class WorkerEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private static final String EXPOSURE = "management.endpoints.web.exposure.include";

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		WorkerIdentity identity = WorkerIdentity.find(System.getenv());
		if (identity != null
				&& new ClusterRoleDeducer().deduce(application, environment).role() == ClusterRole.WORKER) {
			join(environment, identity);
		}
	}

	private void join(ConfigurableEnvironment environment, WorkerIdentity identity) {
		Binder binder = Binder.get(environment);
		ClusterProperties properties = ClusterProperties.get(binder);
		WorkerRuntime runtime = WorkerRuntime.start(identity,
				new WorkerSettings(properties.getDrain().getTimeout(), properties.getDrain().getKeepAliveGrace(),
						properties.getWorker().getStallTimeout(), properties.getWorker().getReplaceOnUncaught()));
		boolean exposedByDefault = !binder.bind(EXPOSURE, Bindable.listOf(String.class)).isBound();
		if (exposedByDefault) {
			environment.getPropertySources()
				.addLast(new MapPropertySource("clusterDefaults", Map.of(EXPOSURE, "health,cluster")));
		}
		environment.getPropertySources().addFirst(WorkerPropertySource.of(runtime, environment, exposedByDefault));
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
