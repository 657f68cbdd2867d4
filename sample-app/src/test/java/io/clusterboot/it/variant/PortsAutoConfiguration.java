package io.clusterboot.it.variant;

import java.io.IOException;
import java.net.ServerSocket;

import org.apache.catalina.connector.Connector;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * An application that sets ports in code or binds some itself.
 */
@AutoConfiguration
public final class PortsAutoConfiguration {

	@Bean
	@ConditionalOnProperty("ports.in-code")
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> inCode(Environment environment) {
		int port = port(environment, "ports.in-code");
		return (factory) -> factory.setPort(port);
	}

	@Bean
	@ConditionalOnProperty("ports.second-connector")
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> secondConnector(Environment environment) {
		Connector connector = new Connector();
		connector.setPort(port(environment, "ports.second-connector"));
		return (factory) -> factory.addAdditionalConnectors(connector);
	}

	@Bean
	@ConditionalOnProperty("ports.side-door")
	ServerSocket sideDoor(Environment environment) throws IOException {
		return new ServerSocket(port(environment, "ports.side-door"));
	}

	private static int port(Environment environment, String name) {
		return environment.getRequiredProperty(name, Integer.class);
	}

}
