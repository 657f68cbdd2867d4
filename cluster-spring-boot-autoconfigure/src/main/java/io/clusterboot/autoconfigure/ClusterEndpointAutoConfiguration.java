package io.clusterboot.autoconfigure;

import java.util.Arrays;

import io.clusterboot.actuate.ClusterEndpoint;
import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.worker.RemoteCluster;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link ClusterEndpoint} of a
 * worker. It backs off where the application has an endpoint of that id.
 */
@AutoConfiguration
@ConditionalOnClass(WebEndpoint.class)
@Import(ClusterEndpointAutoConfiguration.Registrar.class)
public final class ClusterEndpointAutoConfiguration {

	static class Registrar extends WorkerBeanRegistrar<ClusterEndpoint> {

		private @Nullable ConfigurableListableBeanFactory beanFactory;

		Registrar() {
			super(ClusterEndpoint.class.getName(), ClusterEndpoint.class);
		}

		@Override
		boolean isWanted(ConfigurableListableBeanFactory beanFactory) {
			this.beanFactory = beanFactory;
			return Arrays.stream(beanFactory.getBeanDefinitionNames())
				.map((name) -> beanFactory.findAnnotationOnBean(name, Endpoint.class, false))
				.noneMatch((endpoint) -> endpoint != null && endpoint.id().equals(ClusterEndpoint.ID));
		}

		@Override
		ClusterEndpoint create(WorkerRun run) {
			RemoteCluster operations = run.runtime().cluster();
			return new ClusterEndpoint(operations, operations::onBehalfOf, new CallerCheck(run.writeAccess()),
					() -> this.beanFactory == null || isWritable(this.beanFactory));
		}

		/**
		 * Return whether the endpoint has operations that write.
		 * @param beanFactory the beans of the application
		 * @return whether it has
		 */
		static boolean isWritable(BeanFactory beanFactory) {
			EndpointAccessResolver resolver = beanFactory.getBeanProvider(EndpointAccessResolver.class)
				.getIfAvailable();
			return resolver == null || resolver.accessFor(EndpointId.of(ClusterEndpoint.ID),
					Access.UNRESTRICTED) == Access.UNRESTRICTED;
		}

	}

}
