package io.clusterboot.autoconfigure;

import io.clusterboot.bootstrap.WorkerPorts;
import io.clusterboot.bootstrap.WorkerPropertySource;
import io.clusterboot.web.tomcat.TomcatGateCustomizer;
import io.clusterboot.worker.RemoteClusterOperations;
import io.clusterboot.worker.WorkerLifecycle;
import io.clusterboot.worker.WorkerRuntime;

import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.util.ClassUtils;

/**
 * Registers the beans that a worker has, and in any other application none. They are not
 * auto-configured because conditions are evaluated ahead of time under Spring AOT, when
 * nobody knows what the process will be.
 */
class WorkerContextInitializer implements ApplicationContextInitializer<ConfigurableApplicationContext> {

	private static final String ENDPOINT = "org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint";

	private static final String HEALTH = "org.springframework.boot.health.contributor.HealthIndicator";

	@Override
	public void initialize(ConfigurableApplicationContext context) {
		WorkerPropertySource worker = WorkerPropertySource.find(context.getEnvironment());
		if (worker != null && context instanceof GenericApplicationContext generic) {
			register(generic, worker);
		}
	}

	private void register(GenericApplicationContext context, WorkerPropertySource worker) {
		WorkerRuntime runtime = worker.runtime();
		runtime.starts(context.getDefaultListableBeanFactory()::getSingletonCount);
		// Under the names of their classes, which no bean of the application has
		context.registerBean(WorkerLifecycle.class.getName(), WorkerLifecycle.class,
				() -> new WorkerLifecycle(runtime));
		context.registerBean(TomcatGateCustomizer.class.getName(), TomcatGateCustomizer.class, () -> {
			TomcatGateCustomizer customizer = new TomcatGateCustomizer(runtime.awaitGate(),
					new WorkerPorts(context.getEnvironment(), worker)::requireForConnector);
			runtime.serve(customizer.server());
			return customizer;
		});
		// The application may have its own beside it, and decorate this one
		context.registerBean(RemoteClusterOperations.class.getName(), RemoteClusterOperations.class,
				runtime::operations, (definition) -> definition.setFallback(true));
		if (ClassUtils.isPresent(ENDPOINT, context.getClassLoader())) {
			context.addBeanFactoryPostProcessor(
					new ClusterEndpointRegistrar(context, runtime.operations(), worker.writeAccess()));
		}
		if (ClassUtils.isPresent(HEALTH, context.getClassLoader())) {
			context.addBeanFactoryPostProcessor(new ClusterHealthRegistrar(context, runtime.operations()));
		}
	}

}
