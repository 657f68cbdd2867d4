package io.clusterboot.bootstrap;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.util.ClassUtils;

/**
 * Whether an application is going to start a web server that a cluster can share.
 */
class WebServerCheck {

	private static final String BOOT = "org.springframework.boot.";

	private final SpringApplication application;

	private final Binder binder;

	WebServerCheck(SpringApplication application, ConfigurableEnvironment environment) {
		this.application = application;
		this.binder = Binder.get(environment);
	}

	/**
	 * Return what speaks against a cluster.
	 * @param parent whether the application is the parent of another one, which is then
	 * the one that matters
	 * @return the reason or {@code null} if there is none
	 */
	@Nullable String reasonAgainst(boolean parent) {
		WebApplicationType type = this.binder.bind("spring.main.web-application-type", WebApplicationType.class)
			.orElseGet(() -> (parent) ? WebApplicationType.deduce() : this.application.getWebApplicationType());
		if (type == WebApplicationType.NONE) {
			return "this is not a web application";
		}
		if (this.binder.bind("server.port", Integer.class).orElse(0) < 0) {
			return "the web server is turned off by a negative server.port";
		}
		String server = (type == WebApplicationType.SERVLET) ? servletServer() : reactiveServer();
		return server.equals("Tomcat") ? null : "the web server is %s and only Tomcat is supported".formatted(server);
	}

	// Auto-configurations are tried in alphabetical order, the first one wins

	private String servletServer() {
		if (isPresent(BOOT + "jetty.servlet.JettyServletWebServerFactory") && isJettyPresent()) {
			return "Jetty";
		}
		return isTomcatPresent(BOOT + "tomcat.servlet.TomcatServletWebServerFactory") ? "Tomcat" : "unknown";
	}

	private String reactiveServer() {
		if (isPresent(BOOT + "jetty.reactive.JettyReactiveWebServerFactory") && isJettyPresent()) {
			return "Jetty";
		}
		if (isPresent(BOOT + "reactor.netty.NettyReactiveWebServerFactory")
				&& isPresent("reactor.netty.http.server.HttpServer")) {
			return "Netty";
		}
		return isTomcatPresent(BOOT + "tomcat.reactive.TomcatReactiveWebServerFactory") ? "Tomcat" : "unknown";
	}

	private boolean isJettyPresent() {
		return isPresent("org.eclipse.jetty.server.Server");
	}

	private boolean isTomcatPresent(String factory) {
		return isPresent(factory) && isPresent("org.apache.catalina.startup.Tomcat");
	}

	private boolean isPresent(String className) {
		return ClassUtils.isPresent(className, this.application.getClassLoader());
	}

}
