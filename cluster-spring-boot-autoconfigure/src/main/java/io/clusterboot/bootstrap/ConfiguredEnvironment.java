package io.clusterboot.bootstrap;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The properties as the user configured them: in a worker without what the cluster has
 * set.
 */
final class ConfiguredEnvironment extends StandardEnvironment {

	private ConfiguredEnvironment() {
	}

	@Override
	protected void customizePropertySources(MutablePropertySources propertySources) {
		// those of another environment take the place of the usual ones
	}

	static ConfiguredEnvironment of(ConfigurableEnvironment environment) {
		ConfiguredEnvironment configured = new ConfiguredEnvironment();
		environment.getPropertySources()
			.stream()
			.filter(ConfiguredEnvironment::isConfigured)
			.forEach(configured.getPropertySources()::addLast);
		ConfigurationPropertySources.attach(configured);
		return configured;
	}

	private static boolean isConfigured(PropertySource<?> source) {
		return !(source instanceof WorkerPropertySource)
				&& !ConfigurationPropertySources.isAttachedConfigurationPropertySource(source);
	}

}
