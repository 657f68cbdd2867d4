package io.clusterboot.bootstrap;

import io.clusterboot.settings.InvalidClusterPropertyException;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Refuses a port of its own for the management endpoints: at the start, and in the
 * workers of a reload that brings one.
 */
class ManagementPortCheck {

	private static final int DEFAULT_PORT = 8080;

	private final Binder binder;

	ManagementPortCheck(ConfigurableEnvironment environment) {
		this.binder = Binder.get(ConfiguredEnvironment.of(environment));
	}

	void run() {
		Integer port = this.binder.bind("management.server.port", Integer.class).orElse(null);
		Integer serverPort = this.binder.bind("server.port", Integer.class).orElse(DEFAULT_PORT);
		if (port != null && port > 0 && !port.equals(serverPort)) {
			throw new InvalidClusterPropertyException("management.server.port", String.valueOf(port),
					"the port of the application or none, because the workers of a cluster can share one port only",
					null);
		}
	}

}
