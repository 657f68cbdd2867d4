package io.clusterboot.autoconfigure;

import io.clusterboot.actuate.spread.SpreadingAdvisor;
import io.clusterboot.bootstrap.WorkerRun;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.actuate.endpoint.EndpointsSupplier;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for levels of loggers that are set
 * and caches that are cleared in all workers by the endpoints of one.
 */
@AutoConfiguration
@ConditionalOnClass(OperationInvokerAdvisor.class)
@Import(ClusterWideOperationsAutoConfiguration.Registrar.class)
public final class ClusterWideOperationsAutoConfiguration {

	static class Registrar extends WorkerBeanRegistrar<SpreadingAdvisor> {

		private @Nullable ConfigurableListableBeanFactory beanFactory;

		Registrar() {
			super(SpreadingAdvisor.class.getName(), SpreadingAdvisor.class);
		}

		@Override
		boolean isWanted(ConfigurableListableBeanFactory beanFactory) {
			this.beanFactory = beanFactory;
			return true;
		}

		@Override
		SpreadingAdvisor create(WorkerRun run) {
			return new SpreadingAdvisor(run.runtime().cluster().messages(), this::discover);
		}

		private void discover() {
			if (this.beanFactory != null) {
				this.beanFactory.getBeanProvider(EndpointsSupplier.class)
					.forEach((supplier) -> supplier.getEndpoints());
			}
		}

	}

}
