package io.clusterboot.autoconfigure;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.clusterboot.actuate.ClusterEndpoint;
import io.clusterboot.actuate.access.CallerCheck;
import io.clusterboot.actuate.forward.ActuatorPaths;
import io.clusterboot.actuate.forward.WorkerActuator;
import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.web.tomcat.TomcatGateCustomizer;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the actuator of one worker,
 * below the path of the {@link ClusterEndpoint}. Where the actuator has a port of its own
 * there is none: side doors lead to the application's.
 */
@AutoConfiguration
@ConditionalOnClass({ DispatcherServlet.class, ManagementPortType.class, PathMappedEndpoints.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@Import(ClusterWorkerActuatorAutoConfiguration.Registrar.class)
public final class ClusterWorkerActuatorAutoConfiguration {

	static class Registrar extends WorkerBeanRegistrar<SimpleUrlHandlerMapping> {

		// Before that of Spring Boot's endpoints, whose operations match too
		private static final int ORDER = -101;

		private @Nullable ConfigurableListableBeanFactory beanFactory;

		Registrar() {
			super(WorkerActuator.class.getName(), SimpleUrlHandlerMapping.class);
		}

		@Override
		boolean isWanted(ConfigurableListableBeanFactory beanFactory) {
			this.beanFactory = beanFactory;
			return ManagementPortType.get(beanFactory.getBean(Environment.class)) == ManagementPortType.SAME;
		}

		@Override
		SimpleUrlHandlerMapping create(WorkerRun run) {
			SimpleUrlHandlerMapping mapping = new SimpleUrlHandlerMapping();
			mapping.setOrder(ORDER);
			if (this.beanFactory != null) {
				mapping.setUrlMap(handlers(this.beanFactory, run));
			}
			return mapping;
		}

		private static Map<String, WorkerActuator> handlers(ConfigurableListableBeanFactory beanFactory,
				WorkerRun run) {
			PathMappedEndpoints endpoints = beanFactory.getBeanProvider(PathMappedEndpoints.class).getIfAvailable();
			String cluster = (endpoints != null) ? endpoints.getPath(EndpointId.of(ClusterEndpoint.ID)) : null;
			if (endpoints == null || cluster == null
					|| beanFactory.getBeanProvider(ClusterEndpoint.class).getIfAvailable() == null) {
				return Map.of();
			}
			ActuatorPaths paths = new ActuatorPaths(endpoints.getBasePath(), cluster, endpoints.getAllRootPaths());
			TomcatGateCustomizer tomcat = beanFactory.getBean(TomcatGateCustomizer.class);
			WorkerActuator handler = new WorkerActuator(run.runtime().cluster(), new CallerCheck(run.writeAccess()),
					() -> ClusterEndpointAutoConfiguration.Registrar.isWritable(beanFactory), tomcat.server()::isSecure,
					paths);
			return paths.patterns().stream().collect(Collectors.toMap(Function.identity(), (pattern) -> handler));
		}

	}

}
