package io.clusterboot.bootstrap;

import java.util.Map;

import io.clusterboot.contract.ClusterRole;
import io.clusterboot.contract.WarmUpRequest;
import io.clusterboot.contract.WorkerIdentity;
import io.clusterboot.contract.WriteAccess;
import io.clusterboot.settings.ClusterProperties;
import io.clusterboot.worker.WorkerRuntime;
import io.clusterboot.worker.warmup.LearnedRequests;
import io.clusterboot.worker.warmup.WarmUpSettings;
import io.clusterboot.worker.watch.WorkerSettings;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.bootstrap.BootstrapRegistry;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Makes the application a worker where a primary started the process: before logging is
 * set up, because each worker has a log file of its own.
 */
class WorkerEnvironmentPostProcessor implements EnvironmentPostProcessor, Ordered {

	// What Spring Boot does at the first request, so that a start is faster. In a cluster
	// nobody waits for a start, but somebody for that request
	private static final Map<String, Object> EAGER = Map.of("spring.mvc.servlet.load-on-startup", 1,
			"spring.jersey.servlet.load-on-startup", 1, "spring.webservices.servlet.load-on-startup", 1);

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
				warmUp(properties.getWarmUp(), binder));
		environment.getPropertySources().addLast(new MapPropertySource("clusterEager", EAGER));
		environment.getPropertySources().addLast(InstanceName.defaults(identity, System.getenv()));
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

	private static WarmUpSettings warmUp(ClusterProperties.WarmUp warmUp, Binder binder) {
		return new WarmUpSettings(warmUp.getRequests().stream().map(WarmUpRequest::parse).toList(),
				warmUp.getDuration(), warmUp.getConcurrency(), warmUp.isRequired(),
				(warmUp.isLearn()) ? new LearnedRequests(endpoints(binder)) : null);
	}

	// Whoever watches an application asks for these all the time, and nobody waits
	private static String endpoints(Binder binder) {
		String base = path(binder, "management.endpoints.web.base-path", "/actuator");
		return (!base.isEmpty())
				? path(binder, "server.servlet.context-path", "") + path(binder, "spring.mvc.servlet.path", "") + base
				: "";
	}

	private static String path(Binder binder, String name, String absent) {
		String path = binder.bind(name, String.class).orElse(absent);
		return (path.length() > 1) ? path : "";
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
