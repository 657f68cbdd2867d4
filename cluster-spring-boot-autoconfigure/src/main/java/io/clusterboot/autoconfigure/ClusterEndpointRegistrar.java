package io.clusterboot.autoconfigure;

import java.util.Arrays;

import io.clusterboot.actuate.ClusterEndpoint;
import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.contract.WriteAccess;
import io.clusterboot.worker.RemoteClusterOperations;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.context.support.GenericApplicationContext;

/**
 * Registers the {@link ClusterEndpoint} of a worker once it is known what the application
 * has registered: not if it has an endpoint of that id. The only class here that needs
 * spring-boot-actuator.
 */
final class ClusterEndpointRegistrar implements BeanFactoryPostProcessor {

	private static final String ID = "cluster";

	private final GenericApplicationContext context;

	private final RemoteClusterOperations operations;

	private final WriteAccess writeAccess;

	ClusterEndpointRegistrar(GenericApplicationContext context, RemoteClusterOperations operations,
			WriteAccess writeAccess) {
		this.context = context;
		this.operations = operations;
		this.writeAccess = writeAccess;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (!isTaken(beanFactory)) {
			this.context.registerBean(ClusterEndpoint.class.getName(), ClusterEndpoint.class,
					() -> new ClusterEndpoint(this.operations, this.operations::onBehalfOf,
							new CallerCheck(this.writeAccess)));
		}
	}

	private static boolean isTaken(ConfigurableListableBeanFactory beanFactory) {
		return Arrays.stream(beanFactory.getBeanDefinitionNames())
			.map((name) -> beanFactory.findAnnotationOnBean(name, Endpoint.class, false))
			.anyMatch((endpoint) -> endpoint != null && endpoint.id().equals(ID));
	}

}
