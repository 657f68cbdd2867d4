package io.clusterboot.autoconfigure;

import java.util.Arrays;

import io.clusterboot.actuate.ClusterHealthIndicator;
import io.clusterboot.bootstrap.WorkerRun;
import io.clusterboot.worker.RemoteCluster;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorNameGenerator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the
 * {@link ClusterHealthIndicator} of a worker. It backs off where the application has a
 * contributor of that name or does not want it.
 */
@AutoConfiguration
@ConditionalOnClass(HealthIndicator.class)
@Import(ClusterHealthContributorAutoConfiguration.Registrar.class)
public final class ClusterHealthContributorAutoConfiguration {

	static class Registrar extends WorkerBeanRegistrar<ClusterHealthIndicator> {

		private static final String NAME = "cluster";

		private static final String BEAN_NAME = "clusterHealthIndicator";

		private static final HealthContributorNameGenerator NAMES = HealthContributorNameGenerator
			.withoutStandardSuffixes();

		Registrar() {
			super(BEAN_NAME, ClusterHealthIndicator.class);
		}

		@Override
		boolean isWanted(ConfigurableListableBeanFactory beanFactory) {
			return isEnabled(beanFactory.getBean(Environment.class)) && !beanFactory.containsBean(BEAN_NAME)
					&& Arrays.stream(beanFactory.getBeanNamesForType(HealthContributor.class, true, false))
						.map(NAMES::generateContributorName)
						.noneMatch(NAME::equals);
		}

		// As @ConditionalOnEnabledHealthIndicator, which is decided ahead of time under
		// AOT
		private static boolean isEnabled(Environment environment) {
			Boolean enabled = environment.getProperty("management.health." + NAME + ".enabled", Boolean.class);
			return (enabled != null) ? enabled
					: environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
		}

		@Override
		ClusterHealthIndicator create(WorkerRun run) {
			RemoteCluster cluster = run.runtime().cluster();
			return new ClusterHealthIndicator(cluster::snapshot, cluster::busState);
		}

	}

}
