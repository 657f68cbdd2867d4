package io.clusterboot.bootstrap;

import java.util.concurrent.CompletableFuture;

import jakarta.servlet.ServletContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.support.SpringBootServletInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the role of applications that a test starts by itself.
 */
class TestThreadRoleTests {

	private static final String TEST = "NONE DEBUG this is a test";

	private static final String WORKERS = "--cluster.workers=max";

	@Test
	void runInTestStaysOut() {
		assertThat(roleOf(StartShapes.application().run(WORKERS))).isEqualTo(TEST);
	}

	@Test
	@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
	void runInThreadOfTestRunnerStaysOut() {
		assertThat(roleOf(StartShapes.application().run(WORKERS))).isEqualTo(TEST);
	}

	@Test
	void runInThreadNamedMainStaysOut() {
		assertThat(roleInThread("main")).startsWith("NONE WARN").contains("thread 'main'");
	}

	@Test
	void runInThreadOfDevToolsStaysOut() {
		assertThat(roleInThread("restartedMain")).isEqualTo("NONE DEBUG DevTools restarts the application");
	}

	@Test
	void runOfBuilderWithParentStaysOut() {
		try (ConfigurableApplicationContext child = StartShapes.parentAndChild().run(WORKERS)) {
			assertThat(RoleRecorder.recordedIn(child.getEnvironment())).isEqualTo(TEST);
			assertThat(child.getParent()).isNotNull();
			assertThat(RoleRecorder.recordedIn(child.getParent().getEnvironment())).isEqualTo(TEST);
		}
	}

	@Test
	void runWithBootstrapContextStaysOut() {
		assertThat(roleOf(StartShapes.withBootstrapContext(StartShapes.application()).run(WORKERS))).isEqualTo(TEST);
	}

	@Test
	void deploymentInServletContainerStaysOut() {
		String role = roleOf(new Deployment().deploy(new MockServletContext()));
		assertThat(role).isEqualTo("NONE DEBUG the application is deployed in a servlet container");
	}

	private String roleInThread(String name) {
		CompletableFuture<String> role = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				role.complete(roleOf(StartShapes.application().run(WORKERS)));
			}
			catch (Throwable ex) {
				role.completeExceptionally(ex);
			}
		}, name);
		thread.start();
		return role.join();
	}

	private String roleOf(ConfigurableApplicationContext context) {
		try (context) {
			return RoleRecorder.recordedIn(context.getEnvironment());
		}
	}

	/**
	 * What a container starts an application with.
	 */
	private static final class Deployment extends SpringBootServletInitializer {

		private ConfigurableApplicationContext deploy(ServletContext servletContext) {
			setRegisterErrorPageFilter(false);
			WebApplicationContext context = createRootApplicationContext(servletContext);
			assertThat(context).isInstanceOf(ConfigurableApplicationContext.class);
			return (ConfigurableApplicationContext) context;
		}

		@Override
		protected SpringApplicationBuilder configure(SpringApplicationBuilder builder) {
			return builder.sources(StartShapes.Config.class).properties("cluster.workers=max");
		}

	}

}
