package io.clusterboot.bootstrap;

import java.util.List;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * A main method that starts an application in the way its first argument names.
 */
public final class StartShapes {

	private StartShapes() {
	}

	public static void main(String[] args) throws Exception {
		switch (args[0]) {
			case "plain" -> application().run();
			case "static" -> SpringApplication.run(Config.class);
			case "subclass" -> new CustomApplication().run();
			case "reflective" ->
				StartShapes.class.getMethod("main", String[].class).invoke(null, (Object) new String[] { "plain" });
			case "builder" -> new SpringApplicationBuilder(Config.class).run();
			case "builder-child" -> parentAndChild().run();
			case "from" -> SpringApplication.from((nested) -> application().run()).run();
			case "bootstrap-context" -> withBootstrapContext(application()).run();
			case "side-application-first" -> {
				sideApplication().run().close();
				application().run();
			}
			case "two-applications" -> {
				application().run();
				application().run();
			}
			case "thread" -> runInThread("starter");
			case "thread-named-main" -> runInThread("main");
			default -> throw new IllegalArgumentException(args[0]);
		}
	}

	static SpringApplication application() {
		return configure(new SpringApplication(Config.class));
	}

	static SpringApplicationBuilder parentAndChild() {
		return new SpringApplicationBuilder(Config.class).child(ChildConfig.class)
			.web(WebApplicationType.SERVLET)
			.contextFactory((type) -> new AnnotationConfigApplicationContext());
	}

	static SpringApplication withBootstrapContext(SpringApplication application) {
		application.addListeners(new BootstrapListener());
		return application;
	}

	private static SpringApplication sideApplication() {
		SpringApplication application = new SpringApplication(Config.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	private static void runInThread(String name) throws InterruptedException {
		Thread thread = new Thread(() -> application().run(), name);
		thread.start();
		thread.join();
	}

	private static <T extends SpringApplication> T configure(T application) {
		// Looks like a web application up to the point of interest, but needs no server
		application.setWebApplicationType(WebApplicationType.SERVLET);
		application.setApplicationContextFactory((type) -> new AnnotationConfigApplicationContext());
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	static class Config {

	}

	@Configuration(proxyBeanMethods = false)
	static class ChildConfig {

	}

	/**
	 * Overrides what an application may override.
	 */
	private static final class CustomApplication extends SpringApplication {

		private CustomApplication() {
			super(Config.class);
			configure(this);
		}

		@Override
		public ConfigurableApplicationContext run(String... args) {
			return super.run(args);
		}

	}

	/**
	 * Runs an application inside the run of another one, as Spring Cloud does.
	 */
	private static final class BootstrapListener
			implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

		@Override
		public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
			SpringApplication bootstrap = application();
			bootstrap.addPrimarySources(List.of(ChildConfig.class));
			bootstrap.run().close();
		}

	}

}
