package io.clusterboot.bootstrap;

import java.util.Map;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Views of configurations for tests of other packages.
 */
public final class ConfigurationViews {

	private ConfigurationViews() {
	}

	/**
	 * Make the view of a configuration.
	 * @param properties the properties that are set
	 * @return what the launcher and the workers tell the primary
	 */
	public static Map<String, String> of(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		return ConfigurationView.of(environment);
	}

}
