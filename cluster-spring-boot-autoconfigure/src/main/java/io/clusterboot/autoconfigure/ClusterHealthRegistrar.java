package io.clusterboot.autoconfigure;

import java.util.Arrays;

import io.clusterboot.ClusterOperations;
import io.clusterboot.actuate.ClusterHealthIndicator;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorNameGenerator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.Environment;

/**
 * Registers the {@link ClusterHealthIndicator} of a worker once it is known what the
 * application has registered: not if it has one of that name or does not want it. The
 * only class here that needs spring-boot-health.
 */
final class ClusterHealthRegistrar implements BeanFactoryPostProcessor {

	private static final String NAME = "cluster";

	private static final String BEAN_NAME = "clusterHealthIndicator";

	private static final HealthContributorNameGenerator NAMES = HealthContributorNameGenerator
		.withoutStandardSuffixes();

	private final GenericApplicationContext context;

	private final ClusterOperations operations;

	ClusterHealthRegistrar(GenericApplicationContext context, ClusterOperations operations) {
		this.context = context;
		this.operations = operations;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		if (isEnabled(this.context.getEnvironment()) && !isTaken(beanFactory)) {
			this.context.registerBean(BEAN_NAME, ClusterHealthIndicator.class,
					() -> new ClusterHealthIndicator(this.operations));
		}
	}

	// As @ConditionalOnEnabledHealthIndicator, which is decided ahead of time under AOT
	private static boolean isEnabled(Environment environment) {
		Boolean enabled = environment.getProperty("management.health." + NAME + ".enabled", Boolean.class);
		return (enabled != null) ? enabled
				: environment.getProperty("management.health.defaults.enabled", Boolean.class, true);
	}

	private static boolean isTaken(ConfigurableListableBeanFactory beanFactory) {
		return beanFactory.containsBean(BEAN_NAME)
				|| Arrays.stream(beanFactory.getBeanNamesForType(HealthContributor.class, true, false))
					.map(NAMES::generateContributorName)
					.anyMatch(NAME::equals);
	}

}
