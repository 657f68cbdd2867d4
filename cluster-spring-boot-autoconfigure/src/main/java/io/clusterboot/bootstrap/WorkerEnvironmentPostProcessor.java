package io.clusterboot.bootstrap;

import io.clusterboot.contract.ClusterRole;
import io.clusterboot.contract.WarmUpRequest;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.contract.WriteAccess;
import io.clusterboot.settings.ClusterProperties;
import io.clusterboot.worker.WorkerRuntime;
import io.clusterboot.worker.warmup.WarmUpSettings;
import io.clusterboot.worker.watch.WorkerSettings;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.BootstrapRegistry;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Makes the application a worker where a primary started the process: before logging is
 * set up, because each worker has a log file of its own.
 */
class WorkerEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	private final BootstrapRegistry bootstrap;

	WorkerEnvironmentPostProcessor(BootstrapRegistry bootstrap) {
		this.bootstrap = bootstrap;
	}

	@Override
	public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
		if (System.getProperty(WorkerIdentity.MARK) != null
				&& new ClusterRoleDeducer().deduce(application, environment).role() == ClusterRole.WORKER) {
			WorkerIdentity identity = WorkerIdentity.find(System.getenv());
			if (identity != null) {
				join(environment, identity);
			}
		}
	}

	private void join(ConfigurableEnvironment environment, WorkerIdentity identity) {
		Binder binder = Binder.get(environment);
		ClusterProperties properties = ClusterProperties.get(binder);
		WorkerRuntime runtime = WorkerRuntime.start(identity,
				new WorkerSettings(properties.getDrain().getTimeout(), properties.getDrain().getKeepAliveGrace(),
						properties.getWorker().getStallTimeout(), properties.getWorker().getReplaceOnUncaught()),
				warmUp(properties.getWarmUp()));
		EndpointExposure exposure = new EndpointExposure(binder);
		WriteAccess access = exposure.writeAccess();
		if (exposure.isByDefault()) {
			environment.getPropertySources().addLast(EndpointExposure.defaults());
		}
		WorkerPropertySource source = WorkerPropertySource.of(runtime, environment);
		environment.getPropertySources().addFirst(source);
		this.bootstrap.register(WorkerRun.class,
				InstanceSupplier.of(new WorkerRun(runtime, new WorkerPorts(environment, source, runtime), access)));
	}

	private static WarmUpSettings warmUp(ClusterProperties.WarmUp warmUp) {
		return new WarmUpSettings(warmUp.getRequests().stream().map(WarmUpRequest::parse).toList(),
				warmUp.getDuration(), warmUp.getConcurrency(), warmUp.isRequired());
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
